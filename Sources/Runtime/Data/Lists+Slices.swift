import Memory
import Words

/// Parts of lists: constant time (or one walk down the trie), sharing all nodes.
extension Lists {
  /// The list without its first member; of [] it is [].
  @inline(__always) static func rest(_ heap: Heap, _ list: Word) -> Word {
    list == .emptyList ? list : drop(heap, list, 1)
  }

  /// The list without its first `n` members; `n` is clamped.
  @inline(__always) static func drop(_ heap: Heap, _ list: Word, _ n: Int) -> Word {
    guard n > 0, list != .emptyList else { return list }
    let view = ListView(list)
    let count = view.count &- n
    guard count > 0 else { return .emptyList }
    let offset = view.offset &+ n
    let tailStart = view.tailStart
    if offset >= tailStart {  // L3; without a root tailStart is 0
      return make(
        heap, offset: offset &- tailStart, count: count, root: .absent, shift: 0, tail: view.object[2])
    }
    return make(
      heap, offset: offset, count: count, root: view.root, shift: view.shift, tail: view.object[2])
  }

  /// The first `n` members; `n` is clamped.
  static func take(_ heap: Heap, _ list: Word, _ n: Int) -> Word {
    guard n > 0, list != .emptyList else { return .emptyList }
    let view = ListView(list)
    guard n < view.count else { return list }
    let last = view.offset + n - 1
    let tail = view.leaf(of: last).word
    let tailStart = last & ~31
    if view.offset >= tailStart {
      return make(
        heap, offset: view.offset - tailStart, count: n, root: .absent, shift: 0, tail: tail)
    }
    return make(heap, offset: view.offset, count: n, root: view.root, shift: view.shift, tail: tail)
  }

  /// The members from `start` up to but not including `end`, both clamped.
  static func slice(_ heap: Heap, _ list: Word, _ start: Int, _ end: Int) -> Word {
    let low = max(0, start)
    guard low < end else { return .emptyList }
    return drop(heap, take(heap, list, end), low)
  }
}
