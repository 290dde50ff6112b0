import CLinux
import Lanes
import Words

/// The world of real threads.
@safe struct LiveWorld: StealingWorld {
  let shared: UnsafeMutablePointer<SharedState>

  @inline(__always) init(unsafe shared: UnsafeMutablePointer<SharedState>) { unsafe self.shared = shared }

  @inline(__always) var stealing: UnsafeMutablePointer<StealingShared> {
    // SAFETY: shared state never moves; `withUnsafeMutablePointer` on a field of a pointee gives its place.
    unsafe withUnsafeMutablePointer(to: &shared.pointee.stealing) { unsafe $0 }
  }
  var workerCount: Int { unsafe shared.pointee.idle.count }
  @inline(__always) var sliceLength: Int { unsafe shared.pointee.sliceLength }
  func now(_ worker: Int) -> UInt64 { Clock.now() }

  func random(_ worker: Int) -> UInt64 {
    let block = unsafe shared.pointee.blocks[worker]
    var x = unsafe block.pointee.random
    x ^= x << 13
    x ^= x >> 7
    x ^= x << 17
    unsafe block.pointee.random = x
    return x
  }

  @inline(__always) func wakeOne() { unsafe shared.pointee.idle.wakeOne() }
  func wake(_ worker: Int) { unsafe shared.pointee.idle.wake(worker) }
  @inline(__always) func looks(_ worker: Int, at other: Int?) { if other == nil { ludi_spin_hint() } }
  /// Looks for `moment`. Nobody pays but who asks; most turns end within the first tenth of it.
  func goesOn(_ worker: Int, _ asking: Int) -> Bool {
    let block = unsafe shared.pointee.blocks[worker]
    // relaxed, both: hints.
    let turns = unsafe block.pointee.switches.load(ordering: .relaxed)
    let start = Clock.now()
    while Clock.now() &- start < LiveWorld.moment {
      if unsafe block.pointee.switches.load(ordering: .relaxed) != turns { return false }
      ludi_spin_hint()
    }
    return unsafe !block.pointee.isAway.load(ordering: .relaxed)
  }

  /// Nanoseconds after which a turn is none of those that only answer a message. Moving a process to another scheduler takes
  /// about as long.
  static let moment: UInt64 = 2_000

  func stole(_ worker: Int) { unsafe shared.pointee.blocks[worker].pointee.steals.count() }

  func number(of task: PolicyTask) -> Int { Int(Process(queued: task).pid.immediateValue & 0xFF_FFFF) }
  func task(number: Int) -> PolicyTask { unsafe shared.pointee.table.process(inSlot: number).address }
  func priority(of task: PolicyTask) -> Priority { unsafe Process(queued: task).block.pointee.priority }

  func record(of task: PolicyTask) -> UnsafeMutablePointer<TaskRecord> {
    unsafe shared.pointee.records.record(number(of: task))
  }
}
