import Bytecode
import Memory
import Words

/// Sets.
enum SetNatives {
  private static func set(_ call: NativeCall, _ i: Int) -> Word? { Sets.isSet(call[i]) ? call[i] : nil }

  static func has(_ call: NativeCall) -> Word {
    guard let set = set(call, 0) else { return call.misused(.setHas) }
    var work = 0
    defer { call.charge(work: work) }
    return Word(Sets.contains(set, call[1], &work))
  }

  static func add(_ call: NativeCall) -> Word {
    guard let set = set(call, 0) else { return call.misused(.setAdd) }
    var work = 0
    defer { call.charge(work: work) }
    return Sets.insert(call.heap, set, call[1], &work)
  }

  static func remove(_ call: NativeCall) -> Word {
    guard let set = set(call, 0) else { return call.misused(.setRemove) }
    var work = 0
    defer { call.charge(work: work) }
    return Sets.remove(call.heap, set, call[1], &work)
  }

  /// `(set, xs, from, to)`: the set with those members of the list.
  static func extend(_ call: NativeCall) -> Word {
    guard let set = set(call, 0), let xs = call.list(1),
      let range = call.bounds(2, 3, within: Lists.count(xs))
    else { return call.misused(.setExtend) }
    guard call.heap.hasRoom(words: range.count * insertWords) else { return .nil }
    var work = range.count * insertWork
    defer { call.charge(work: work) }
    if set == .emptySet {
      return Sets.make(call.heap, count: range.count, &work) { Lists.at(xs, range.lowerBound + $0) }
    }
    var result = set
    for i in range { result = Sets.insert(call.heap, result, Lists.at(xs, i), &work) }
    return result
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
