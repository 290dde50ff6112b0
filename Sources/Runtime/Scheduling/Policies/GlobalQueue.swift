import Lanes

/// One queue for all workers, first in first out: what most systems began with (Linux 2.4, Go before 1.1). Fair, and all
/// workers meet at its lock.
@safe struct GlobalQueue<World: PolicyWorld>: SchedulingPolicy {
  private final class Shared: Sendable {
    let queue = InjectQueue()
  }
  private let world: World
  private let shared = Shared()

  init(_ world: World) { self.world = world }

  func lane(of worker: Int) -> Int { worker }
  func slice(_ task: PolicyTask, _ lane: Int) -> Int { world.sliceLength }
  func next(_ lane: Int) -> PolicyTask? { shared.queue.pop() }
  func steal(_ lane: Int) -> PolicyTask? { shared.queue.pop() }

  func spawned(_ task: PolicyTask, _ lane: Int) {
    shared.queue.push(task)
    world.wakeOne()
  }

  func woken(_ task: PolicyTask, _ lane: Int) { spawned(task, lane) }

  func preempted(_ task: PolicyTask, used: Int, _ lane: Int) {
    let isAlone = shared.queue.isEmpty
    shared.queue.push(task)
    if !isAlone { world.wakeOne() }
  }

  var seesWork: Bool { !shared.queue.isEmpty }

  func drain(_ body: (PolicyTask) -> Void) { while let task = shared.queue.pop() { body(task) } }
}
