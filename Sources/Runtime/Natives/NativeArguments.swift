import Bytecode
import Memory
import Words

/// Reading a native's arguments. The Prelude's patterns have checked the types already, but assembly that somebody wrote
/// may call a native with anything: so each reader gives nil for a wrong type, and the native answers `misused`.
extension NativeCall {
  func number(_ i: Int) -> Double? {
    let word = self[i]
    return word.isNumber ? word.number : nil
  }

  /// A whole number, clamped to ±2^53: an index, count or bound that may lie outside of anything.
  func index(_ i: Int) -> Int? {
    let word = self[i]
    guard word.isNumber else { return nil }
    let n = word.number
    guard n == n.rounded(.towardZero) else { return nil }
    return Int(max(-9_007_199_254_740_992, min(9_007_199_254_740_992, n)))
  }

  func string(_ i: Int) -> StringView? {
    let word = self[i]
    return word.isObject(.string) ? StringView(word) : nil
  }

  func list(_ i: Int) -> Word? {
    let word = self[i]
    return Lists.isList(word) ? word : nil
  }

  /// Two bounds within `0...count`, the first not above the second.
  func bounds(_ i: Int, _ j: Int, within count: Int) -> Range<Int>? {
    guard let low = index(i), let high = index(j) else { return nil }
    let start = min(max(low, 0), count)
    return start..<max(start, min(high, count))
  }

  /// Charges for work that was counted in members or words looked at, some 8 ns each.
  func charge(work: Int) { charge(work >> 3) }

  /// The answer to arguments that the Prelude never gives.
  func misused(_ native: Native) -> Word {
    panic("native/\(native.name) cannot take these arguments")
  }
}

/// Words of one more member of a list, its share of the nodes included: what `hasRoom` is asked for.
enum Room {
  static var member: Int { 2 }
  static var pair: Int { 5 }
}

extension NativeCall {
  /// The result of some work, for which it charges.
  @inline(__always) func charged(_ body: (inout Int) -> Word) -> Word {
    var work = 0
    let result = body(&work)
    charge(work: work)
    return result
  }
}

extension NativeCall {
  /// An attempt at some work that compares or hashes values; `request` if they are so large that it has to be made again
  /// (`Work`). So `body` has no effects, and may be asked for what it gave before.
  /// - Parameter work: what it costs beside
  @inline(__always) func attempt(work beside: Int = 0, _ body: (inout Work) -> Word) -> Word {
    var work = Work(process)
    let result = body(&work)
    charge(work: work.done &+ beside)
    return process.settle(work, result)
  }
}
