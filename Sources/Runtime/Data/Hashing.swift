import Bytecode
import Memory
import Words

/// Hashes of values. They depend on contents alone (never on addresses, seeds or the order of interning), and equal
/// values have equal hashes.
///
/// The work of one hash is bounded, so that a dict with huge keys stays usable: what lies deeper than `maxDepth`, or
/// behind the first `maxMembers` members, or in the middle of a large string, does not count. Environment records do not count either, so cycles end.
enum Hashing {
  private static var maxDepth: Int { 16 }
  private static var maxMembers: Int { 2048 }
  /// Words of a string whose hash is not worth remembering.
  private static var shortText: Int { 64 }

  /// Spreads every bit of `x` over the result; a bijection (murmur3's finalizer).
  @inline(__always) static func mix(_ x: UInt64) -> UInt64 {
    var h = x ^ x >> 33
    h = h &* 0xFF51_AFD7_ED55_8CCD
    h ^= h >> 33
    h = h &* 0xC4CE_B9FE_1A85_EC53
    return h ^ h >> 33
  }

  /// The hash of a value.
  @inline(__always) static func hash(_ word: Word, _ work: inout Work) -> UInt64 {
    word.isPointer ? hashObject(word, &work) : hashImmediate(word)
  }

  /// The hash of what is no heap object.
  @inline(__always) static func hashImmediate(_ word: Word) -> UInt64 {
    if word.isKeyword { return mix(~Keywords.hash(word)) }
    if word == Word(-0.0) { return mix(Word(0.0).bits) }
    if word.isImmediate(.function) { return mix(UInt64(FunctionTable.ordinal(Int(word.immediateValue)))) }
    return mix(word.bits)
  }

  @inline(never) private static func hashObject(_ word: Word, _ work: inout Work) -> UInt64 {
    let object = HeapObject(word)
    if object.header.has(.string) && object.size <= shortText {
      work.done &+= 1
      return mix(StringView(word).hash)
    }
    return work.hash(word) { work in
      var budget = maxMembers
      let hash = walk(word, 0, &budget)
      work.done += maxMembers - budget
      return hash
    }
  }

  private static func walk(_ word: Word, _ depth: Int, _ budget: inout Int) -> UInt64 {
    guard word.isPointer else { return hashImmediate(word) }
    let object = HeapObject(word)
    let kind = object.kind
    if kind == .string {
      let string = StringView(word)
      budget -= min(string.byteCount, 1 << 15) >> 6
      return mix(string.hash)
    }
    var h = UInt64(kind.rawValue) &* 0x9E37_79B9_7F4A_7C15
    guard depth < maxDepth, kind != .environment else { return mix(h) }
    var cursor: MemberCursor
    if kind == .list {
      cursor = MemberCursor(ordered: word)
      h = combine(h, UInt64(cursor.remaining))
    } else {
      if kind == .closure {
        h = combine(h, UInt64(FunctionTable.ordinal(Int(object.raw(0)))))
      } else if kind.rawWords == 1 {
        h = combine(h, object.raw(0))
      }
      cursor = MemberCursor(object, object.members)
      h = combine(h, UInt64(object.size))
    }
    let isNode = kind == .dict || kind == .set || kind == .dictNode || kind == .setNode
    while cursor.remaining > 0, budget > 0 {
      budget -= 1
      h = combine(h, walk(cursor.next(), isNode ? depth : depth + 1, &budget))
    }
    return mix(h)
  }

  @inline(__always) private static func combine(_ h: UInt64, _ x: UInt64) -> UInt64 {
    let mixed = (h ^ x) &* 0x9FB2_1C65_1E98_DF25
    return mixed ^ mixed >> 29
  }
}
