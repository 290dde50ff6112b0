import Bytecode
import Memory
import Words

/// Lists and tuples. What may be long takes bounds: the Prelude calls it in steps.
enum ListNatives {
  /// Members that are moved at once: some 10 µs.
  static var movedAtOnce: Int { 2048 }

  static func tupleList(_ call: NativeCall) -> Word {
    guard Tuples.isTuple(call[0]) else { return call.misused(.tupleList) }
    let count = Tuples.count(call[0])
    if count > movedAtOnce { return call.process.sliced { ListMaking(call.heap, HeapObject(call[0])) } }
    guard call.heap.hasRoom(words: count * Room.member) else { return .nil }
    call.charge(work: count)
    return Tuples.list(call.heap, call[0])
  }

  static func listTuple(_ call: NativeCall) -> Word {
    guard let list = call.list(0) else { return call.misused(.listTuple) }
    let count = Lists.count(list)
    if count > movedAtOnce { return call.process.sliced { TupleMaking(call.heap, list) } }
    guard call.heap.hasRoom(words: count + 1) else { return .nil }
    call.charge(work: count)
    return Tuples.make(call.heap, MemberCursor(ordered: list))
  }

  static func append8(_ call: NativeCall) -> Word {
    guard let list = call.list(0) else { return call.misused(.listAppend8) }
    return Lists.extend(call.heap, list, count: 8) { call[1 + $0] }
  }

  static func prepend(_ call: NativeCall) -> Word {
    guard let list = call.list(0) else { return call.misused(.listPrepend) }
    return Lists.prepend(call.heap, list, call[1])
  }

  static func set(_ call: NativeCall) -> Word {
    guard let list = call.list(0), let i = call.index(1), i >= 0, i < Lists.count(list) else {
      return call.misused(.listSet)
    }
    return Lists.set(call.heap, list, i, call[2])
  }

  // MARK: Parts

  static func take(_ call: NativeCall) -> Word {
    guard let list = call.list(0), let n = call.index(1) else { return call.misused(.listTake) }
    return Lists.take(call.heap, list, n)
  }

  static func drop(_ call: NativeCall) -> Word {
    guard let list = call.list(0), let n = call.index(1) else { return call.misused(.listDrop) }
    return Lists.drop(call.heap, list, n)
  }

  static func slice(_ call: NativeCall) -> Word {
    guard let list = call.list(0), let start = call.index(1), let end = call.index(2) else {
      return call.misused(.listSlice)
    }
    return Lists.slice(call.heap, list, start, end)
  }

  // MARK: Putting together

  static func concat(_ call: NativeCall) -> Word {
    guard let x = call.list(0), let y = call.list(1) else { return call.misused(.listConcat) }
    guard call.heap.hasRoom(words: min(Lists.count(x), Lists.count(y)) * Room.member) else { return .nil }
    return call.charged { Lists.concat(call.heap, x, y, &$0) }
  }

  /// `(out, xs, from, to)`: those members of `xs` behind those of `out`.
  static func extend(_ call: NativeCall) -> Word {
    guard let xs = call.list(1) else { return call.misused(.listExtend) }
    if let few = extendedByFew(call, xs) { return few }
    return extended(call, .listExtend, bounds: (2, 3), count: Lists.count(xs)) { builder, range in
      var cursor = MemberCursor(ordered: Lists.slice(call.heap, xs, range.lowerBound, range.upperBound))
      for _ in range { builder.append(cursor.next()) }
    }
  }

  /// The same for at most a leaf, whose members may have their place already; nil: there are more, or none.
  private static func extendedByFew(_ call: NativeCall, _ xs: Word) -> Word? {
    guard let out = call.list(0), let range = call.bounds(2, 3, within: Lists.count(xs)),
      !range.isEmpty, range.count <= ListView.width
    else { return nil }
    guard call.heap.hasRoom(words: range.count * Room.member) else { return .nil }
    call.charge(work: range.count)
    return Lists.extend(call.heap, out, count: range.count) { Lists.at(xs, range.lowerBound + $0) }
  }

  /// The same, last one first.
  static func extendReversed(_ call: NativeCall) -> Word {
    guard let xs = call.list(1) else { return call.misused(.listExtendReversed) }
    return extended(call, .listExtendReversed, bounds: (2, 3), count: Lists.count(xs)) { builder, range in
      for i in range.reversed() { builder.append(Lists.at(xs, i)) }
    }
  }

  /// `(out, xs, ys, from, to)`: pairs of members.
  static func zip(_ call: NativeCall) -> Word {
    guard let xs = call.list(1), let ys = call.list(2) else { return call.misused(.listZip) }
    let count = min(Lists.count(xs), Lists.count(ys))
    return extended(call, .listZip, bounds: (3, 4), count: count, wordsEach: Room.pair) { builder, range in
      for i in range { builder.append(Tuples.make(call.heap, Lists.at(xs, i), Lists.at(ys, i))) }
    }
  }

  /// `(out, x, n)`: `x`, n times.
  static func `repeat`(_ call: NativeCall) -> Word {
    guard let out = call.list(0), let n = call.index(2), n >= 0 else { return call.misused(.listRepeat) }
    guard call.heap.hasRoom(words: n * Room.member) else { return .nil }
    call.charge(work: n)
    var builder = ListBuilder(call.heap, extending: out)
    for _ in 0..<n { builder.append(call[1]) }
    return builder.finish()
  }

  /// `(out, s, from, to)`: the characters whose first bytes are within these bounds, as strings.
  static func characters(_ call: NativeCall) -> Word {
    guard let s = call.string(1) else { return call.misused(.listCharacters) }
    return extended(call, .listCharacters, bounds: (2, 3), count: s.byteCount, wordsEach: Room.pair) {
      builder, range in
      for i in range where s.byte(i) & 0xC0 != 0x80 {
        builder.append(Text.part(call.heap, s, i..<(i + s.scalarLength(at: i))))
      }
    }
  }

  /// Extends the list of argument 0 by a step whose bounds are the arguments `bounds`.
  @inline(__always) private static func extended(
    _ call: NativeCall, _ native: Native, bounds: (Int, Int), count: Int, wordsEach: Int = Room.member,
    _ body: (inout ListBuilder, Range<Int>) -> Void
  ) -> Word {
    guard let out = call.list(0), let range = call.bounds(bounds.0, bounds.1, within: count) else {
      return call.misused(native)
    }
    guard call.heap.hasRoom(words: range.count * wordsEach) else { return .nil }
    call.charge(work: range.count)
    var builder = ListBuilder(call.heap, extending: out)
    body(&builder, range)
    return builder.finish()
  }

  // MARK: Searching

  /// `(xs, from, to)`: whether all those members are strings.
  static func hasStrings(_ call: NativeCall) -> Word {
    guard let xs = call.list(0), let range = call.bounds(1, 2, within: Lists.count(xs)) else {
      return call.misused(.listHasStrings)
    }
    call.charge(work: range.count)
    return Word(range.allSatisfy { Lists.at(xs, $0).isObject(.string) })
  }

  /// `(total, xs, from, to)`: the total and those members, added up in order; nil if one of them is no number.
  static func sum(_ call: NativeCall) -> Word {
    guard let total = call.number(0), let xs = call.list(1),
      let range = call.bounds(2, 3, within: Lists.count(xs))
    else { return call.misused(.listSum) }
    // An addition is a quarter of what a member usually costs.
    call.charge(work: range.count >> 2)
    return Lists.sum(xs, range, from: total).map { Word($0) } ?? .nil
  }

  /// `(xs, x, from, to)`: the index of the first member equal to `x`, or nil.
  static func find(_ call: NativeCall) -> Word {
    guard let xs = call.list(0), let range = call.bounds(2, 3, within: Lists.count(xs)) else {
      return call.misused(.listFind)
    }
    return call.attempt(work: range.count) { work in
      for i in range where Equality.equal(Lists.at(xs, i), call[1], &work) { return Word(i) }
      return .nil
    }
  }
}
