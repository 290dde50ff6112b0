import Lanes
import Memory
import Observation
import Synchronization
import Words

/// What all schedulers of a VM share. Allocated once, never moved.
@safe struct SharedState: ~Copyable {
  let table = ProcessTable()
  let idle: IdleSchedulers
  /// Tells all schedulers to leave their loops, between slices: the program is over, or the policy changes.
  let isLeaving = Atomic<Bool>(false)
  /// The program is over.
  let isStopping = Atomic<Bool>(false)
  /// The schedulers are virtual, and one thread plays all of them: nothing may be left to another thread.
  var isSimulated = false
  /// Whoever wants another policy asks here. The VM holds it.
  var policies: Unmanaged<PolicyControl>?
  /// Whether all processes share one heap.
  let isSingle: Bool
  /// `VMOptions.metersTimers`.
  let metersTimers: Bool
  /// The way into machine code; 0: the VM interprets.
  let translation: UInt
  /// Reductions of an ordinary slice.
  let sliceLength: Int
  /// What the lanes of work stealing share. The injection queue in it is every policy's: what threads that are no
  /// schedulers make runnable goes there.
  var stealing: StealingShared
  /// Timers that run, over all schedulers.
  let timers = Atomic<Int>(0)
  /// All schedulers, by index.
  let blocks: UnsafeMutablePointer<UnsafeMutablePointer<SchedulerBlock>>
  /// What policies other than the default keep for a process.
  let records = TaskRecords()
  /// Who collects large heaps.
  let collectors: CollectorThreads
  /// What a harness reads; nil unless the VM is audited.
  let audit: UnsafeMutablePointer<Audit>?

  init(
    count: Int, sliceLength: Int, audit: consuming Audit? = nil, heap: HeapMode = .private,
    interprets: Bool = false, metersTimers: Bool = false
  ) {
    self.metersTimers = metersTimers
    isSingle = heap == .single
    translation = interprets ? 0 : Translation.entry
    self.sliceLength = sliceLength
    unsafe policies = nil
    unsafe self.audit = Audit.place(audit)
    idle = IdleSchedulers(count: count)
    stealing = StealingShared(count: count)
    collectors = CollectorThreads(count: count)
    unsafe blocks = .allocate(capacity: count)
  }
}

extension SharedState {
  /// Processes that have not ended: at least so many as there were at some moment of the call, and 0 only if there were
  /// none. Each scheduler counts for itself, since one counter for all is what spawns and ends would wait for.
  ///
  /// Whoever counts all deaths first, and then all births, sees the births of the dead and of what they had spawned: a
  /// death is counted after those (`ended`).
  func alive() -> Int {
    var ended: UInt64 = 0
    for index in 0..<idle.count {
      unsafe ended += blocks[index].pointee.ended.load(ordering: .sequentiallyConsistent)
    }
    var spawned: UInt64 = 0
    for index in 0..<idle.count {
      // relaxed: ordered by the loads above.
      unsafe spawned += blocks[index].pointee.spawned.load(ordering: .relaxed)
    }
    return Int(spawned - ended)
  }
}

/// A scheduler's own data: what the processes that it runs reach without a reference count.
///
/// D1  Its thread alone touches it, but for `lane.ring.thief`, and `timers` under `timerLock`, in memory of their own:
///     any scheduler cancels timers, and wakes whom they are for if their scheduler is late; and for `lane.wakeSlot`,
///     which is robbed if its thread stands still. Others read its atomics.
@safe struct SchedulerBlock: ~Copyable {
  let index: Int
  let shared: UnsafeMutablePointer<SharedState>
  let pool = Pool()
  /// Its lane of the default policy; closed while another one rules.
  var lane: StealingLane
  var freeSlots: FreeSlots
  let timerLock = RankedMutex(rank: .timers)
  let timers: UnsafeMutablePointer<TimerWheel>
  /// When the first of `timers` is due; `UInt64.max`: never.
  let nextDeadline = Atomic<UInt64>(UInt64.max)
  /// Whom its look at timers wakes.
  var due = DueTasks()
  /// What the clock showed when it was looked at last for a timer.
  var clockSeen: UInt64 = 0
  /// When the last `receive` with a limit began here.
  var limitBegan: UInt64 = 0
  /// What timers cost is measured.
  let metersTimers: Bool
  /// Reductions since the clock was looked at.
  var sinceClock = 0
  /// The scheduler whose timers were looked at last beside our own, and looks at our own until the next one's turn.
  var neighbour: Int
  var looksToNeighbour = Scheduler.neighbourInterval
  /// What this scheduler has seen of the next one's turns.
  var stalls = StallWatch()
  /// It sleeps, or has not begun: that it has no turns means nothing.
  let isAway = Atomic<Bool>(true)
  /// The clock of its thread's processor time; 0: not known.
  let threadClock = Atomic<Int32>(0)
  /// State of the random choice of victims (xorshift).
  var random: UInt64

  /// `Torture.isOn`, or the VM is audited: where a slice finds it at hand.
  let isWatched: Bool
  let isAudited: Bool
  /// Copied from the shared state: a slice reads it.
  let translation: UInt
  /// `Boot.code`, for who makes a process here.
  let boot: UnsafePointer<UInt64>
  /// Reductions from which on a turn is timed by itself; in an audited VM every turn is, and while memory is short, so that
  /// each process pays for what it has taken (`Pool.takeShortage`).
  var timedFrom: Int

  /// How long each private collection that this scheduler made held its process, and the words that were moved. Those
  /// of small heaps are only counted.
  let collections = Histogram()
  let smallCollections = Counter()
  let movedWords = Counter()

  /// Processes, but for those of refs, that were made here, and that ended here. A death is counted by a sequentially
  /// consistent step, so that of the last two that end one sees that all have (`VirtualMachine.end`).
  let spawned = Atomic<UInt64>(0)
  let ended = Atomic<UInt64>(0)
  /// Whether there were very many processes when this was looked at last.
  var isCrowded = false

  /// Messages and signals that its processes have sent.
  let sent = Counter()
  /// Reductions that they have paid for sending to long mailboxes (`Pressure`): no time has passed for these.
  let fines = Counter()
  // Counters: written by this scheduler, read by anyone.
  let switches = Atomic<UInt64>(0)
  let steals = Atomic<UInt64>(0)
  let parks = Atomic<UInt64>(0)

  /// How long each step held this scheduler.
  let steps: StepMeter
  let timerMeter = TimerMeter()

  init(index: Int, count: Int, shared: UnsafeMutablePointer<SharedState>) {
    self.index = index
    neighbour = index
    unsafe self.shared = shared
    lane = StealingLane(worker: index, slice: unsafe shared.pointee.sliceLength)
    unsafe timers = .allocate(capacity: 1)
    unsafe timers.initialize(to: TimerWheel())
    freeSlots = FreeSlots(rest: max(ProcessTable.minimumRest / count, ProcessTable.leastRest))
    isAudited = unsafe shared.pointee.audit != nil
    translation = unsafe shared.pointee.translation
    unsafe boot = Boot.code
    metersTimers = unsafe shared.pointee.metersTimers
    isWatched = isAudited || Torture.isOn
    timedFrom = isAudited ? 0 : StepMeter.turnFrom
    steps = StepMeter(isExact: isAudited)
    random = 0x9E37_79B9_7F4A_7C15 &* UInt64(index + 1)
  }
}

extension SchedulerBlock {
  /// A block that shares no cache line with what other threads write.
  static func make(
    index: Int, count: Int, shared: UnsafeMutablePointer<SharedState>
  ) -> UnsafeMutablePointer<SchedulerBlock> {
    let bytes = (MemoryLayout<SchedulerBlock>.size + 127) / 128 * 128
    let block = unsafe UnsafeMutableRawPointer.allocate(byteCount: bytes, alignment: 128)
      .bindMemory(to: SchedulerBlock.self, capacity: 1)
    unsafe block.initialize(to: SchedulerBlock(index: index, count: count, shared: shared))
    return unsafe block
  }

  /// While memory is short, every turn is looked at when it ends.
  mutating func watch(isTight: Bool) { timedFrom = isAudited || isTight ? 0 : StepMeter.turnFrom }

  /// Memory is short, and this much more may not be taken.
  func refuses(_ bytes: Int) -> Bool { timedFrom == 0 && !MemoryAccount.allows(bytes) }
}

extension Atomic where Value == UInt64 {
  /// Counts one more. Only for a counter that one thread writes: not a locked instruction.
  @inline(__always) func count() { store(load(ordering: .relaxed) &+ 1, ordering: .relaxed) }
}

/// A batch of tasks whose timers have run out, on their way to a queue. They are woken together so that the memory of each
/// arrives while others are looked at.
struct DueTasks {
  static let capacity = 32
  /// For how many near timers the processes are asked for ahead: more would drive each other out of the cache.
  static let expected = 64

  private(set) var tasks = InlineArray<32, PolicyTask>(repeating: 0)
  var count = 0

  mutating func add(_ task: PolicyTask) {
    tasks[count] = task
    count += 1
  }
}
