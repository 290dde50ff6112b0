import Lanes
import Memory
import Synchronization
import Words

/// What refs need beside the Prelude: a ref is a process whose pid is written as a ref.
enum RefNatives {
  /// (name or nil, function): starts the process of a ref and gives the ref.
  static func make(_ call: NativeCall) -> Word {
    let process = call.process
    guard let cell = ProcessNatives.functionCell(process, call[1]) else { return .request }
    guard let pid = unsafe Spawning.spawn(cell, parent: process.pid, isRef: true, on: process.scheduler)
    else {
      return call.panic("ref: there are as many processes as there may be")
    }
    let ref = Word(.ref, pid.immediateValue)
    if call[0].isObject(.string) { RefNames.set(ref, call[0]) }
    return ref
  }

  /// The pid of a ref's process.
  static func pid(_ call: NativeCall) -> Word {
    call[0].isImmediate(.ref)
      ? Word(.pid, call[0].immediateValue) : call.panic("this is no ref: \(Show.text(call[0]))")
  }
}

/// The names of refs that `ref x = …` made, for showing them.
enum RefNames {
  private static let names = Mutex<[UInt64: Word]>([:])

  static func set(_ ref: Word, _ name: Word) {
    let name = ImmortalArea.publish(name)
    names.withLock { $0[ref.bits] = name }
  }

  static func name(of ref: Word) -> StringView? {
    names.withLock { $0[ref.bits] }.map { StringView($0) }
  }
}
