import Bytecode
import Memory
import Words

/// The steps of a merge sort whose recursion is the Prelude's: short runs are sorted at once, long ones merged in steps.
/// Both are stable. With the flag *by first*, members are tuples of which only the first members are compared.
enum SortNatives {
  /// Members that a step of `listMerge` gives at most: some 50 µs of plain comparisons.
  private static var mergeStep: Int { 512 }

  /// `(xs, byFirst)`: all members of `xs` sorted.
  static func sort(_ call: NativeCall) -> Word {
    guard let xs = call.list(0) else { return call.misused(.listSort) }
    guard call.heap.hasRoom(words: Lists.count(xs) * 2 * Room.member) else { return .nil }
    let order = Order(call[1])
    return call.attempt { Lists.sort(call.heap, xs, &$0) { order.key($0) } }
  }

  /// `(low, i, high, j, out, byFirst)`: goes on merging two sorted lists from members i and j; gives `(i, j, out)`.
  static func merge(_ call: NativeCall) -> Word {
    guard let low = call.list(0), let high = call.list(2), let out = call.list(4),
      var i = call.index(1), var j = call.index(3), i >= 0, j >= 0
    else { return call.misused(.listMerge) }
    guard call.heap.hasRoom(words: mergeStep * Room.member) else { return .nil }
    let order = Order(call[5])
    let (m, n) = (Lists.count(low), Lists.count(high))
    guard i <= m, j <= n else { return call.misused(.listMerge) }
    return call.attempt(work: mergeStep) { work in
      var builder = ListBuilder(call.heap, extending: out)
      var left = mergeStep
      while left > 0 && (i < m || j < n) {
        if j == n || i < m && !order.isBefore(Lists.at(high, j), Lists.at(low, i), &work) {
          builder.append(Lists.at(low, i))
          i += 1
        } else {
          builder.append(Lists.at(high, j))
          j += 1
        }
        left -= 1
      }
      return progress(call, i, j, builder.finish())
    }
  }

  private static func progress(_ call: NativeCall, _ i: Int, _ j: Int, _ out: Word) -> Word {
    let tuple = call.heap.allocate(.tuple, size: 3)
    tuple[0] = Word(i)
    tuple[1] = Word(j)
    tuple[2] = out
    return tuple.word
  }

  /// How members are compared.
  private struct Order {
    let byFirst: Bool

    @inline(__always) init(_ flag: Word) { byFirst = flag.isTruthy }

    @inline(__always) func isBefore(_ x: Word, _ y: Word, _ work: inout Work) -> Bool {
      work.done &+= 1
      return Ordering.compare(key(x), key(y), &work) < 0
    }

    @inline(__always) func key(_ x: Word) -> Word {
      byFirst && x.isObject(.tuple) ? HeapObject(x)[0] : x
    }
  }
}
