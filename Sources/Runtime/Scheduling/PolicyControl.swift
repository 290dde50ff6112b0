import Lanes
import Memory
import Synchronization

/// Which policy rules a VM, and how another takes over while the program runs.
///
/// Whoever wants another policy (`request`) tells all schedulers to leave their loops. Each comes here between two slices
/// (`meet`) and waits; the last one moves every runnable process from the old policy to the new, and all go on. So no
/// process is lost or doubled: while they are moved, nobody runs, and what other threads make runnable meanwhile waits
/// in the injection queue, which is every policy's. A single heap is collected in such a meeting, too.
@safe final class PolicyControl: @unchecked Sendable {
  // Sendable: what changes is behind the lock, the shared state is atomic or locked.
  private struct State {
    var name = PolicyName.workStealing
    /// Nil: the default, whose lanes are the schedulers' own.
    var door: LiveDoor?
    var wanted = PolicyName.workStealing
    /// Whether `name` was asked for, on the command line or by the program.
    var isChosen = false
    /// Schedulers that wait here, and how often all have met.
    var arrived = 0
    /// When a collection of the single heap was asked for; 0: it was not.
    var collectionAsked: UInt64 = 0
    var meetings = 0
  }

  private let state = Mutex(State())
  private let shared: UnsafeMutablePointer<SharedState>
  private let met = EventCount()

  init(unsafe shared: UnsafeMutablePointer<SharedState>) { unsafe self.shared = shared }

  var name: PolicyName { state.withLock { $0.name } }

  /// The policy that rules; nil: the default.
  var other: OtherPolicy<LiveWorld>? { state.withLock { $0.door?.policy } }

  /// Whether tasks seem to wait under a policy other than the default. From any thread.
  var seesWork: Bool { other?.seesWork ?? false }

  // MARK: Changing

  /// Sets the policy before any scheduler runs.
  func start(with name: PolicyName?) {
    guard let name else { return }
    state.withLock {
      $0.isChosen = true
      $0.wanted = name
      if unsafe !shared.pointee.isSimulated { change(&$0) }
    }
  }

  /// Asks for another policy. It rules as soon as every scheduler has ended its slice.
  func request(_ name: PolicyName) {
    let isNews = state.withLock { state in
      state.isChosen = true
      state.wanted = name
      return state.name != name
    }
    if isNews { callTogether() }
  }

  /// A process with a priority was spawned. The default policy knows none, so that nobody pays for them who uses none;
  /// where nobody chose it by name, it makes room for the one that does.
  func needPriorities() {
    let isNews = state.withLock { state in
      guard !state.isChosen, state.wanted == .workStealing else { return false }
      state.wanted = .priority
      return true
    }
    if isNews { callTogether() }
  }

  /// Asks for a collection of the single heap. It is made as soon as every scheduler has ended its slice.
  func requestCollection() {
    let isNews = state.withLock { state in
      if state.collectionAsked != 0 { return false }
      state.collectionAsked = Clock.now()
      return true
    }
    if isNews { callTogether() }
  }

  /// What rules, or will at the next meeting.
  var wanted: PolicyName { state.withLock { $0.wanted } }

  private func callTogether() {
    // The simulator looks at what is wanted by itself.
    if unsafe shared.pointee.isSimulated { return }
    unsafe shared.pointee.isLeaving.store(true, ordering: .sequentiallyConsistent)
    unsafe shared.pointee.idle.wakeAll()
  }

  /// Where a scheduler comes that has left its loop. True: all have been here, and it goes on; false: the program is over.
  func meet() -> Bool {
    let meeting = state.withLock { state -> Int in
      let meeting = state.meetings
      state.arrived += 1
      if state.arrived == (unsafe shared.pointee.idle.count), !isOver {
        state.arrived = 0
        state.meetings += 1
        if state.wanted != state.name { change(&state) }
        if state.collectionAsked != 0 { collect(&state) }
        goOn()
      }
      return meeting
    }
    met.notify()
    while !isOver && state.withLock({ $0.meetings }) == meeting {
      let key = met.prepare()
      if isOver || state.withLock({ $0.meetings }) != meeting {
        met.cancel()
      } else {
        met.wait(key)
      }
    }
    return !isOver
  }

  /// The program is over: nobody waits any more.
  func end() { met.notify() }

  private var isOver: Bool { unsafe shared.pointee.isStopping.load(ordering: .sequentiallyConsistent) }

  private func goOn() {
    unsafe shared.pointee.isLeaving.store(false, ordering: .sequentiallyConsistent)
    // The program may have ended in between, which must not be forgotten.
    if isOver { unsafe shared.pointee.isLeaving.store(true, ordering: .sequentiallyConsistent) }
  }

  /// Collects the single heap. No scheduler runs.
  private func collect(_ state: inout State) {
    SingleHeap.collect()
    RegionStops.record(nanoseconds: Clock.now() - state.collectionAsked)
    state.collectionAsked = 0
  }

  /// Moves all that can run from one policy to another. No scheduler runs.
  private func change(_ state: inout State) {
    var tasks: [PolicyTask] = []
    if let door = state.door {
      door.policy.drain { tasks.append($0) }
    } else {
      unsafe Scheduler.stealing(shared).drain { tasks.append($0) }
    }
    let door = unsafe OtherPolicy(state.wanted, LiveWorld(unsafe: shared)).map(LiveDoor.init)
    let count = unsafe shared.pointee.idle.count
    for worker in 0..<count {
      unsafe shared.pointee.blocks[worker].pointee.lane.open()
      if let door { unsafe shared.pointee.blocks[worker].pointee.lane.close(to: door) }
    }
    state.door = door
    state.name = state.wanted
    for (place, task) in tasks.enumerated() {
      if let door {
        door.spawned(task, place % count)
      } else {
        let policy = unsafe Scheduler.stealing(shared)
        policy.spawned(task, policy.lane(of: place % count))
      }
    }
  }
}

/// The policy of a VM that is not the default.
final class LiveDoor: PolicyDoor, @unchecked Sendable {
  let policy: OtherPolicy<LiveWorld>
  init(_ policy: OtherPolicy<LiveWorld>) { self.policy = policy }

  override func spawned(_ task: PolicyTask, _ worker: Int) {
    policy.visit(HandOver(task: task, worker: worker, how: .spawned))
  }
  override func woken(_ task: PolicyTask, _ worker: Int) {
    policy.visit(HandOver(task: task, worker: worker, how: .woken))
  }
}
