import Memory
import Words

/// A walk over the members of a list or tuple, from first to last, a leaf at a time.
struct MemberCursor {
  private let list: Word
  private var leaf: Word
  /// The next member, within `leaf`.
  private var position: Int
  /// Where `leaf` ends.
  private var limit: Int
  /// Members behind `leaf`.
  private var behind: Int

  /// A walk over a list or a tuple.
  init(ordered word: Word) {
    list = word
    leaf = word
    (position, limit, behind) = (0, 0, 0)
    if word.isObject(.list) {
      let view = ListView(word)
      let end = min(view.end, (view.offset | 31) + 1)
      leaf = view.leaf(of: view.offset).word
      position = view.offset & 31
      limit = position + end - view.offset
      behind = view.end - end
    } else if word.isPointer {
      limit = HeapObject(word).size
    }
  }

  /// A walk over the words `range` of any object.
  init(_ object: HeapObject, _ range: Range<Int>) {
    list = object.word
    leaf = object.word
    (position, limit, behind) = (range.lowerBound, range.upperBound, 0)
  }

  /// Members that `next` has still to give.
  @inline(__always) var remaining: Int { limit &- position &+ behind }

  /// The next member, or `absent`.
  @inline(__always) mutating func next() -> Word {
    if position == limit && !moveOn() { return .absent }
    let word = HeapObject(leaf)[position]
    position &+= 1
    return word
  }

  /// Leaves out members; `count ≤ remaining`.
  mutating func skip(_ count: Int) {
    let inLeaf = limit - position
    if count <= inLeaf {
      position += count
      return
    }
    // The leaf of the first member that is not left out, as `moveOn` finds it.
    let start = ListView(list).end - behind
    let target = start + count - inLeaf
    behind -= (target & ~31) - start
    if moveOn() { position = target & 31 } else { position = limit }
  }

  private mutating func moveOn() -> Bool {
    guard behind > 0 else { return false }
    let view = ListView(list)
    leaf = view.leaf(of: view.end - behind).word
    position = 0
    limit = min(behind, ListView.width)
    behind -= limit
    return true
  }
}
