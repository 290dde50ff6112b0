import Glibc
import Lanes
import Memory
import Observation
import Platform
import Synchronization

/// The threads that collect large heaps, so that nobody but the heap's own process waits for it.
///
///     scheduler: submit ─► jobs ─► collector: collect ─► injection queue ─► any scheduler
///
/// They run at a lower priority of the system than schedulers, and are made when there is work for them, at most as many
/// as there are schedulers.
///
/// L1  From `submit` until a scheduler takes it out of the injection queue, a process is in no run queue and belongs to the
///     collector alone; messages to it wait in its inbox.
/// L2  `pending` counts these processes: it goes down after the process can be found again, so a scheduler that sees 0
///     and then finds all others asleep has missed nobody.
@safe struct CollectorThreads: ~Copyable {
  /// Lower priority than schedulers (nice 0), but not starved by them.
  fileprivate static let niceness: CInt = 3

  /// Processes that wait for a thread, or are being collected.
  let pending = Atomic<Int>(0)
  private let jobs = InjectQueue(capacity: 16)
  private let idle: IdleSchedulers
  private let threads = Mutex<CollectorList>(CollectorList())
  private let made = Atomic<Int>(0)
  /// What each thread has done so far.
  private let blocks: UnsafeMutablePointer<CollectorBlock>

  private let isClosing = Atomic<Bool>(false)
  private let isOpenHint = Atomic<Bool>(false)

  init(count: Int) {
    idle = IdleSchedulers(count: count)
    unsafe blocks = .allocate(capacity: count)
    for i in 0..<count { unsafe (blocks + i).initialize(to: CollectorBlock()) }
  }

  /// Whether collections may be left to these threads.
  var isOpen: Bool { isOpenHint.load(ordering: .relaxed) }

  /// From now on there may be jobs: the schedulers start.
  func open() {
    threads.withLock { $0.isOpen = true }
    isOpenHint.store(true, ordering: .relaxed)
  }

  /// Ends all threads after what they are doing; what waits is left as it is.
  func close() {
    isOpenHint.store(false, ordering: .relaxed)
    let list = threads.withLock { threads in
      threads.isOpen = false
      return threads.list
    }
    isClosing.store(true, ordering: .sequentiallyConsistent)
    idle.wakeAll()
    for thread in list { thread.join() }
  }

  /// Leaves a process that `Collecting` has deferred to these threads: it is theirs now (L1).
  func submit(_ process: Process, _ shared: UnsafeMutablePointer<SharedState>) {
    unsafe process.block.pointee.status.store(ProcessStatus.runnable.rawValue, ordering: .relaxed)
    // sequentially consistent: in one order with the looks of `isDeadlocked`.
    let waiting = pending.wrappingAdd(1, ordering: .sequentiallyConsistent).newValue
    jobs.push(process.address)
    if waiting > made.load(ordering: .relaxed) { unsafe startThread(shared) }
    idle.wakeOne()
  }

  /// Lets one of these threads give back what large blocks keep for nothing, if they do: that takes the system milliseconds.
  func tidyLargeBlocks(_ shared: UnsafeMutablePointer<SharedState>) {
    guard LargeBlocks.isUntidy, isOpen else { return }
    if made.load(ordering: .relaxed) == 0 { unsafe startThread(shared) }
    idle.wakeOne()
  }

  private func startThread(_ shared: UnsafeMutablePointer<SharedState>) {
    threads.withLock { threads in
      let index = threads.list.count
      guard threads.isOpen, index < idle.count else { return }
      guard let thread = unsafe Thread.startJoinable(CollectorStart(shared: shared, index: index).run) else {
        // Those that there are do the work of the others; one there must be.
        precondition(index > 0, "the system refused a thread to collect heaps on")
        return
      }
      threads.list.append(thread)
      made.store(index + 1, ordering: .relaxed)
    }
  }

  // MARK: On a collector thread

  fileprivate func run(_ index: Int, _ shared: UnsafeMutablePointer<SharedState>) {
    Turns.beUsual()
    var isSearching = false
    while !isClosing.load(ordering: .acquiring) {
      if let address = jobs.pop() {
        if isSearching { idle.endSearch() }
        isSearching = false
        unsafe collect(Process(queued: address), index, shared)
        continue
      }
      if LargeBlocks.isUntidy {
        if isSearching { idle.endSearch() }
        isSearching = false
        LargeBlocks.tidy()
        continue
      }
      idle.prepareSleep(index, searching: isSearching)
      if !jobs.isEmpty || LargeBlocks.isUntidy || isClosing.load(ordering: .sequentiallyConsistent) {
        isSearching = !idle.cancelSleep(index)
      } else {
        isSearching = idle.sleep(index) == .called
      }
    }
  }

  private func collect(_ process: Process, _ index: Int, _ shared: UnsafeMutablePointer<SharedState>) {
    let block = unsafe blocks + index
    let start = Clock.now()
    let moved = Collecting.finish(process, pool: unsafe block.pointee.pool)
    if moved == nil { Collecting.refuse(process) }
    unsafe block.pointee.collections.record(Clock.now() &- start)
    unsafe block.pointee.movedWords.add(UInt64(moved ?? 0))
    unsafe Scheduler.enqueueFromOutside(process, shared)
    // L2; sequentially consistent: as in `submit`.
    pending.wrappingSubtract(1, ordering: .sequentiallyConsistent)
  }

  /// Adds what the threads have done to a run's figures.
  func addFigures(to statistics: inout RunStatistics) {
    for i in 0..<made.load(ordering: .relaxed) {
      unsafe statistics.collections.merge(blocks[i].collections.distribution())
      unsafe statistics.movedWords += blocks[i].movedWords.now
    }
  }
}

/// The threads that have been made.
struct CollectorList: Sendable {
  var list: [Thread.Joinable] = []
  /// Jobs are accepted: schedulers run.
  var isOpen = false
}

/// A collector thread's own.
@safe struct CollectorBlock: ~Copyable {
  let pool = Pool()
  let collections = Histogram()
  let movedWords = Counter()
}

@safe final class CollectorStart: @unchecked Sendable {
  let shared: UnsafeMutablePointer<SharedState>
  let index: Int
  init(shared: UnsafeMutablePointer<SharedState>, index: Int) {
    unsafe self.shared = shared
    self.index = index
  }
  func run() {
    // Of the calling thread alone, as Linux has it. If it is refused, the thread is a little too important.
    _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, CollectorThreads.niceness)
    Region.attachThread()
    defer { Region.detachThread() }
    unsafe shared.pointee.collectors.run(index, shared)
  }
}
