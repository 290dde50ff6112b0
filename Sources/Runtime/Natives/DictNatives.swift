import Bytecode
import Memory
import Words

/// Dicts, structs and namespaces.
enum DictNatives {
  /// The value under a key of anything that has keys; `absent` if there is none.
  private static func find(_ coll: Word, _ key: Word, _ work: inout Work) -> Word {
    switch TypeCode.of(coll) {
    case .dict: Dicts.find(coll, key, &work)
    case .struct: Structs.find(coll, key)
    case .ns: Namespaces.find(coll, key)
    default: .absent
    }
  }

  /// `(coll, key, default)`: the default if the key is not there.
  static func get(_ call: NativeCall) -> Word {
    call.attempt { work in
      let value = find(call[0], call[1], &work)
      return value == .absent ? call[2] : value
    }
  }

  /// `(coll, key)`: of a struct or namespace; panics if the key is not there.
  static func getKey(_ call: NativeCall) -> Word {
    // Their keys are keywords.
    var work = Work()
    let value = find(call[0], call[1], &work)
    guard value == .absent else { return value }
    return call.panic("no key \(Show.text(call[1])) in \(Show.text(call[0]))")
  }

  static func has(_ call: NativeCall) -> Word {
    call.attempt { Word(find(call[0], call[1], &$0) != .absent) }
  }

  static func put(_ call: NativeCall) -> Word {
    guard Dicts.isDict(call[0]) else { return call.misused(.dictPut) }
    return call.attempt { Dicts.insert(call.heap, call[0], call[1], call[2], &$0) }
  }

  static func remove(_ call: NativeCall) -> Word {
    guard Dicts.isDict(call[0]) else { return call.misused(.dictRemove) }
    return call.attempt { Dicts.remove(call.heap, call[0], call[1], &$0) }
  }

  /// `(dict, pairs, from, to)`: the dict with those pairs of a list of tuples of two.
  static func extend(_ call: NativeCall) -> Word {
    guard Dicts.isDict(call[0]), let pairs = call.list(1),
      let range = call.bounds(2, 3, within: Lists.count(pairs))
    else { return call.misused(.dictExtend) }
    for i in range where Tuples.count(ofTuple: Lists.at(pairs, i)) != 2 { return call.misused(.dictExtend) }
    guard call.heap.hasRoom(words: range.count * SetNatives.insertWords) else { return .nil }
    return call.attempt(work: range.count * SetNatives.insertWork) { work in
      if call[0] == .emptyDict {
        return Dicts.make(
          call.heap, count: range.count, &work,
          key: { HeapObject(Lists.at(pairs, range.lowerBound + $0))[0] },
          value: { HeapObject(Lists.at(pairs, range.lowerBound + $0))[1] })
      }
      var result = call[0]
      for i in range where !work.isStuck {
        let pair = HeapObject(Lists.at(pairs, i))
        result = Dicts.insert(call.heap, result, pair[0], pair[1], &work)
      }
      return result
    }
  }

  // MARK: Lists of members

  static func keys(_ call: NativeCall) -> Word {
    list(call, .keys, wordsEach: Room.member) { key, _ in key }
  }

  static func values(_ call: NativeCall) -> Word {
    list(call, .values, wordsEach: Room.member) { _, value in value }
  }

  static func pairs(_ call: NativeCall) -> Word {
    list(call, .pairs, wordsEach: Room.pair) { Tuples.make(call.heap, $0, $1) }
  }

  /// A list of what `element` makes of each member, in iteration order.
  @inline(__always) private static func list(
    _ call: NativeCall, _ native: Native, wordsEach: Int, _ element: (_ key: Word, _ value: Word) -> Word
  ) -> Word {
    switch TypeCode.of(call[0]) {
    case .dict: members(call, Dicts.Cursor(call[0]), Dicts.count(call[0]), wordsEach, element)
    case .struct: members(call, Structs.Cursor(call[0]), Structs.count(call[0]), wordsEach, element)
    case .ns: members(call, Namespaces.Cursor(call[0]), Namespaces.count(call[0]), wordsEach, element)
    default: call.misused(native)
    }
  }

  @inline(__always) private static func members<Shape>(
    _ call: NativeCall, _ start: EntryCursor<Shape>, _ count: Int, _ wordsEach: Int,
    _ element: (_ key: Word, _ value: Word) -> Word
  ) -> Word {
    guard call.heap.hasRoom(words: count * wordsEach) else { return .nil }
    call.charge(work: count)
    var cursor = start
    return Lists.make(call.heap, count: count) { _ in
      _ = cursor.moveOn()
      return element(cursor.key, cursor.value)
    }
  }
}

extension Tuples {
  /// The number of members, or -1 for what is no tuple.
  static func count(ofTuple word: Word) -> Int { isTuple(word) ? count(word) : -1 }
}
