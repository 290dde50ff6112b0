import Bytecode
import Lanes
import Memory
import Observation
import Platform
import Synchronization
import Words

/// The system gave fewer threads than there are to be schedulers.
public struct TooFewThreads: Error, CustomStringConvertible {
  let got: Int
  public var description: String {
    "the system refused a thread after \(got); take fewer with --schedulers, or raise its limit (ulimit -u, ulimit -v)"
  }
}

/// How a VM runs a program.
public struct VMOptions: Sendable {
  /// Threads that run processes; nil: as many as the affinity mask and the quotas of control groups allow.
  public var schedulers: Int?
  /// How processes are shared out; nil: the default, which makes room for `priority` when a process gets a priority.
  public var policy: PolicyName?
  /// Reductions of a slice (`sliceRange`); nil: as is usual.
  public var slice: Int?
  /// Play the schedulers in virtual time, on one thread, instead of starting them.
  public var simulation: SimulationPlan?
  /// The program's own arguments.
  public var arguments: [String] = []
  /// Words that a message must have for being promoted to the shared region; `Int.max`: none is.
  public var shareAbove = 4096
  /// Bytes from which on strings are made in the shared region; `Int.max`: none are.
  public var shareStrings = 1024
  /// The most bytes that the VM may take for its processes and the shared region; nil: three quarters of what the
  /// system allows.
  public var maxMemory: Int?
  /// Do not report panics of other processes than the main one.
  public var quietExits = false
  /// The run ends when all processes have ended, not just the main one.
  public var waitsForAll = false
  /// How long a process waits, in nanoseconds, until it gives back memory that it does not use: this or twice this.
  public var restInterval: UInt64 = 5_000_000_000
  /// Where objects live.
  public var heap = HeapMode.private
  /// Instructions are interpreted, not run as the machine code that they have been translated to.
  public var interprets = false
  /// Every turn is measured and watched, for a harness (`VirtualMachine+Audit.swift`): some hundred nanoseconds a turn.
  public var isAudited = false
  /// What setting and firing a timer costs is measured (`VirtualMachine.timerCosts`).
  public var metersTimers = false
  /// Breaks an audited VM on purpose: for tests of the harness.
  public var sabotage: Sabotage?
  /// Seed: an audited VM holds processes off the run queues now and then, for some milliseconds, whatever they do.
  public var suspends: UInt64?

  public enum Sabotage: String, Sendable, CaseIterable {
    /// Now and then nobody makes the process runnable that was sent a message.
    case losesWakes = "loses-wakes"
    /// A process that has a scheduler keeps it until it waits.
    case neverPreempts = "never-preempts"
    /// The heaps of some processes stay after these have ended.
    case keepsHeaps = "keeps-heaps"
  }

  public init() {}

  /// What `maxMemory` may be.
  public static var memoryRange: ClosedRange<Int> {
    MemoryAccount.leastCeiling...max(MemoryAccount.leastCeiling, SystemMemory.allowed)
  }

  public static var sliceRange: ClosedRange<Int> { Scheduler.sliceRange }
}

/// How a program ended.
public enum RunOutcome: Sendable, Equatable {
  /// The main process ended normally; its value as `show` shows it, if that was asked for.
  case finished(shown: String?)
  /// The main process called `exit!` with a status of 0…255.
  case exited(Int)
  /// The main process panicked, or ended with another reason; it has been reported.
  case failed
}

/// The VM: schedulers, the table of processes, and the program that they run. One program a VM, one VM at a time.
public final class VirtualMachine: Sendable {
  let options: VMOptions
  private let prelude: LoadedModule
  let shared: SharedPointer
  let policies: PolicyControl
  private let hibernation: Hibernation
  private let program = Mutex<Program>(Program())

  /// The pointers of the shared state, which is atomic or locked all through.
  @safe struct SharedPointer: @unchecked Sendable {
    let state: UnsafeMutablePointer<SharedState>
  }

  private struct Program: Sendable {
    var outcome: RunOutcome?
    var showsValue = false
    /// The value's text, in pieces.
    var shown: [[UInt8]]?
    var hasSeenDeadlock = false
  }

  /// The main process's pid; what is no pid: there is none yet. Every process that ends compares itself with it.
  private let main = Atomic<UInt64>(Word.nil.bits)
  /// Set after `pendingOutcome`.
  private let hasMainEnded = Atomic<Bool>(false)

  /// When the main process was made, in nanoseconds of the VM's clock.
  private let started = Atomic<UInt64>(0)

  /// Threads wait here for the end of the program.
  private let finished = Parker()

  /// Loads the Prelude and makes the schedulers, without starting them.
  /// - Throws: a `LoadError` as its description, if the Prelude does not fit this VM
  public init(prelude image: CodeImage, options: VMOptions) throws {
    self.options = options
    Sharing.above.store(options.shareAbove, ordering: .relaxed)
    RegionStrings.above.store(options.shareStrings, ordering: .relaxed)
    MemoryAccount.setCeiling(bytes: options.maxMemory ?? VMOptions.memoryRange.upperBound / 4 * 3)
    prelude = try Loader.load(image, prelude: nil)
    try Loader.bindSlowCalls(prelude)
    if options.heap == .single { SingleHeap.begin() } else { SingleHeap.end() }
    let count = options.schedulers ?? Processors.allowed
    let state = UnsafeMutablePointer<SharedState>.allocate(capacity: 1)
    unsafe state.initialize(
      to: SharedState(
        count: count, sliceLength: options.slice ?? Scheduler.slice,
        audit: options.isAudited
          ? Audit(schedulers: count, options.sabotage, suspends: options.suspends) : nil,
        heap: options.heap, interprets: options.interprets, metersTimers: options.metersTimers))
    for index in 0..<count {
      let block = unsafe SchedulerBlock.make(index: index, count: count, shared: state)
      unsafe state.pointee.blocks[index] = block
      unsafe state.pointee.stealing.add(Scheduler.lane(of: block))
    }
    unsafe shared = SharedPointer(state: state)
    policies = unsafe PolicyControl(unsafe: state)
    hibernation = unsafe Hibernation(state, interval: options.restInterval)
    unsafe state.pointee.policies = .passUnretained(policies)
    Region.withThread { bindPreludeNames() }
  }

  /// Runs the Prelude's toplevel on this thread, so that its names which are no functions are bound before any code that
  /// means them is loaded.
  private func bindPreludeNames() {
    let block = unsafe shared.state.pointee.blocks[0]
    let scheduler = unsafe Scheduler(block: block, machine: self)
    guard unsafe Spawning.spawn(prelude.entryFunction, parent: .nil, on: block) != nil else {
      fatalError("no process could be made")
    }
    let policy = unsafe Scheduler.stealing(shared.state)
    while let task = policy.next(policy.lane(of: 0)) {
      Slice.run(Process(queued: task), scheduler, policy, policy.lane(of: 0))
    }
  }

  /// Runs a module that the verifier has passed, until its main process has ended.
  /// - Parameter showsValue: whether the outcome is to tell the script's value
  public func run(_ image: CodeImage, showsValue: Bool = false) throws -> RunOutcome {
    let module = try Loader.load(image, prelude: prelude)
    ProgramArguments.set(options.arguments)
    started.store(Clock.now(), ordering: .relaxed)
    let first = unsafe shared.state.pointee.blocks[0]
    guard let pid = unsafe Spawning.spawn(module.entryFunction, parent: .nil, on: first) else {
      fatalError("no process could be made")
    }
    main.store(pid.bits, ordering: .relaxed)
    program.withLock { $0.showsValue = showsValue }
    if let plan = options.simulation { return simulate(plan) }
    policies.start(with: options.policy)
    unsafe shared.state.pointee.collectors.open()
    for index in 0..<(unsafe shared.state.pointee.idle.count) {
      guard startThread(index) else { throw TooFewThreads(got: index) }
    }
    let hasHibernation = options.heap == .private && hibernation.start()
    defer { if hasHibernation { hibernation.close() } }
    while true {
      if let outcome = program.withLock({ $0.outcome }) {
        unsafe shared.state.pointee.collectors.close()
        return outcome
      }
      _ = finished.park()
    }
  }

  /// False: the system gave no thread.
  private func startThread(_ index: Int) -> Bool {
    Thread.start(stackSize: Scheduler.stackSize) { [self] in
      // All of its processes wait while the system has somebody else run.
      Turns.beShort()
      Region.attachThread()
      defer { Region.detachThread() }
      unsafe Scheduler(block: shared.state.pointee.blocks[index], machine: self).run()
    }
  }

  // MARK: Figures

  /// How many processes have given back memory while they waited.
  public var hibernations: Int { hibernation.collected }

  /// What the run has cost so far.
  public func statistics() -> RunStatistics {
    var result = RunStatistics()
    let usage = Usage.now()
    result.wall = Clock.now() - started.load(ordering: .relaxed)
    result.user = usage.user
    result.system = usage.system
    result.peakBytes = Usage.peakBytes()
    result.schedulers = unsafe shared.state.pointee.idle.count
    for index in 0..<result.schedulers {
      let block = unsafe shared.state.pointee.blocks[index]
      unsafe result.collections.merge(block.pointee.collections.distribution())
      unsafe result.smallCollections += block.pointee.smallCollections.now
      unsafe result.movedWords += block.pointee.movedWords.now
    }
    unsafe shared.state.pointee.collectors.addFigures(to: &result)
    result.stops = RegionStops.distribution
    let report = stepReport()
    result.steps = report.gaps
    result.longestStep = report.longest.first?.text ?? ""
    return result
  }

  /// Set when a simulated run is over.
  let simulationReport = Mutex<SimulationReport?>(nil)

  /// How the program ended; nil: it has not.
  var outcome: RunOutcome? { program.withLock { $0.outcome } }

  // MARK: Ends

  /// Ends a process that has asked to (finish, exit or panic).
  /// - Returns: false if it must get turns until its value has been shown, or its mailbox given back (`Ending.end`)
  func end(_ process: Process, _ scheduler: Scheduler) -> Bool {
    let request = unsafe process.block.pointee.request
    let value = unsafe process.block.pointee.requestValue
    // relaxed: it was set before any scheduler began.
    let isMain = main.load(ordering: .relaxed) == process.pid.bits
    var left = value
    switch request {
    case .finish, .exit: break
    default:
      if isMain || !(options.quietExits || process.isAwaited) {
        Terminal.complain(PanicReport.text(process, isMain: isMain))
      }
      let message =
        value.isObject(.string) ? value : process.heap.makeString(process.extra.panicMessage).word
      left = Tuples.make(process.heap, Keywords.panic, message)
    }
    if isMain {
      guard isShown(process, request, value) else { return false }
      endMain(request, value)
    }
    let isRef = unsafe process.block.pointee.isRef
    let isGone = unsafe Ending.end(
      process, request == .finish ? Keywords.ok : Keywords.err, left, on: scheduler.block)
    if isRef { return isGone }
    // Sequentially consistent, all of it: of the main process's end and the last other one, the later sees both.
    unsafe scheduler.block.pointee.ended.wrappingAdd(1, ordering: .sequentiallyConsistent)
    if isMain { hasMainEnded.store(true, ordering: .sequentiallyConsistent) }
    if hasMainEnded.load(ordering: .sequentiallyConsistent) { endIfDone() }
    return isGone
  }

  /// Shows the value of the script, if that was asked for; false: there is more to show, in further turns.
  private func isShown(_ process: Process, _ request: ProcessRequest, _ value: Word) -> Bool {
    guard request == .finish, program.withLock({ $0.showsValue }) else { return true }
    guard let text = ValueShowing.goOn(process, value) else { return false }
    program.withLock { $0.shown = text }
    return true
  }

  private func endMain(_ request: ProcessRequest, _ value: Word) {
    var outcome = RunOutcome.failed
    switch request {
    case .finish:
      outcome = .finished(shown: nil)
    case .exit:
      if let status = value.integer, (0...255).contains(status) {
        outcome = .exited(status)
      } else if value == Keywords.normal {
        outcome = .finished(shown: nil)
      } else {
        Terminal.complain("ludi: the main process ended: \(Show.text(value))\n")
      }
    default: break
    }
    pendingOutcome.withLock { $0 = outcome }
  }

  /// What the main process left, until all that must end has ended.
  private let pendingOutcome = Mutex<RunOutcome?>(nil)

  private func endIfDone() {
    guard let outcome = pendingOutcome.withLock({ $0 }) else { return }
    if options.waitsForAll, unsafe shared.state.pointee.alive() > 0 { return }
    stop(with: outcome)
  }

  private func stop(with outcome: RunOutcome) {
    program.withLock { program in
      if program.outcome != nil { return }
      program.outcome = outcome
      guard outcome == .finished(shown: nil), let shown = program.shown else { return }
      program.outcome = .finished(shown: String(decoding: Array(shown.joined()), as: UTF8.self))
    }
    unsafe shared.state.pointee.isStopping.store(true, ordering: .sequentiallyConsistent)
    unsafe shared.state.pointee.isLeaving.store(true, ordering: .sequentiallyConsistent)
    unsafe shared.state.pointee.idle.wakeAll()
    policies.end()
    finished.unpark()
  }

  /// Every process waits for what cannot come.
  func endDeadlocked() {
    let left = options.waitsForAll ? nil : pendingOutcome.withLock { $0 }
    // Several schedulers may see it at once: the first one reports it.
    let isFirst = program.withLock { program in
      defer { program.hasSeenDeadlock = true }
      return program.outcome == nil && !program.hasSeenDeadlock
    }
    guard isFirst else { return }
    if left == nil { unsafe Terminal.complain(DeadlockReport.text(of: shared.state)) }
    stop(with: left ?? .failed)
  }
}
