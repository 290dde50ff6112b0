import Bytecode
import Memory
import Words

/// Sets.
enum SetNatives {
  private static func set(_ call: NativeCall, _ i: Int) -> Word? { Sets.isSet(call[i]) ? call[i] : nil }

  static func has(_ call: NativeCall) -> Word {
    guard let set = set(call, 0) else { return call.misused(.setHas) }
    return call.attempt { Word(Sets.contains(set, call[1], &$0)) }
  }

  static func add(_ call: NativeCall) -> Word {
    guard let set = set(call, 0) else { return call.misused(.setAdd) }
    return call.attempt { Sets.insert(call.heap, set, call[1], &$0) }
  }

  static func remove(_ call: NativeCall) -> Word {
    guard let set = set(call, 0) else { return call.misused(.setRemove) }
    return call.attempt { Sets.remove(call.heap, set, call[1], &$0) }
  }

  /// `(set, xs, from, to)`: the set with those members of the list.
  static func extend(_ call: NativeCall) -> Word {
    guard let set = set(call, 0), let xs = call.list(1),
      let range = call.bounds(2, 3, within: Lists.count(xs))
    else { return call.misused(.setExtend) }
    guard call.heap.hasRoom(words: range.count * insertWords) else { return .nil }
    return call.attempt(work: range.count * insertWork) { work in
      if set == .emptySet {
        return Sets.make(call.heap, count: range.count, &work) { Lists.at(xs, range.lowerBound + $0) }
      }
      var result = set
      for i in range where !work.isStuck {
        result = Sets.insert(call.heap, result, Lists.at(xs, i), &work)
      }
      return result
    }
  }

  static func list(_ call: NativeCall) -> Word {
    guard let set = set(call, 0) else { return call.misused(.setList) }
    let count = Sets.count(set)
    guard call.heap.hasRoom(words: count * Room.member) else { return .nil }
    call.charge(work: count)
    return Sets.list(call.heap, set)
  }

  /// What an insertion costs beside hashing, in work units; and the words of the path that it copies.
  static var insertWork: Int { 12 }
  static var insertWords: Int { 64 }
}
