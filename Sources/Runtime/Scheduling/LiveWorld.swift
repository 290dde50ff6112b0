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
  func stole(_ worker: Int) { unsafe shared.pointee.blocks[worker].pointee.steals.count() }

  func number(of task: PolicyTask) -> Int { Int(Process(queued: task).pid.immediateValue & 0xFF_FFFF) }
  func task(number: Int) -> PolicyTask { unsafe shared.pointee.table.process(inSlot: number).address }
  func priority(of task: PolicyTask) -> Priority { unsafe Process(queued: task).block.pointee.priority }

  func record(of task: PolicyTask) -> UnsafeMutablePointer<TaskRecord> {
    unsafe shared.pointee.records.record(number(of: task))
  }
}
