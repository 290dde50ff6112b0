import CLinux
import Lanes
import Observation
import Synchronization
import Words

/// What an audited VM (`VMOptions.isAudited`) keeps of its turns: who became runnable when, how long each waited for its
/// turn, what it used. A harness reads it while the program runs, and judges.
///
/// A1  A slot's record is written by the thread that holds the process (M1); anybody may read it, a moment old.
/// A2  `ticks` and `tick` are written by the harness alone: every few milliseconds the *busy time*, which is the processor
///     time of the program divided by its schedulers. Bounds on waiting are in busy time, so that they hold on a machine
///     that other programs use too. A wait counts from the first tick after it began to the last one before it ended:
///     never too much, however late the harness's thread gets its turn.
@safe struct Audit: ~Copyable {
  struct Record: ~Copyable {
    /// When it became runnable, by the wall's clock; 0: it is not waiting for a turn.
    let runnableSince = Atomic<UInt64>(0)
    /// The tick before that.
    let runnableSinceTick = Atomic<Int>(0)
    /// Reductions that the tenant has used, and turns after which it waited.
    let reductions = Atomic<UInt64>(0)
    let waits = Atomic<UInt64>(0)
  }

  private static let slabSlots = ProcessTable.slabSlots
  private let slabs: UnsafeMutablePointer<Atomic<UInt>>
  /// For each scheduler: how long those that it ran had waited for their turn, in nanoseconds of the wall's clock.
  let queueTimes: UnsafeMutablePointer<Histogram>
  let schedulers: Int
  /// How many ticks there have been, and the busy time at the last `keptTicks` of them.
  let tick = Atomic<Int>(0)
  private let ticks: UnsafeMutablePointer<Atomic<UInt64>>
  private static let keptTicks = 4096
  /// The longest wait for a turn so far, in busy time.
  let longestWait = Mutex<LongWait?>(nil)
  /// What no process may do, and one did.
  let complaint = Mutex<String?>(nil)

  /// How this VM is broken on purpose.
  let sabotage: VMOptions.Sabotage?
  /// Who is held off the run queues at random; nil: nobody.
  let suspensions: Suspensions?
  /// How many wakes there were; each `lostWake`th is lost by a VM that loses wakes.
  private let wakes = Atomic<Int>(0)
  private static let lostWake = 500
  /// How many processes have ended; a VM that keeps heaps loses that of each `lostHeap`th.
  private let ends = Atomic<Int>(0)
  private static let lostHeap = 8

  init(schedulers: Int, _ sabotage: VMOptions.Sabotage?, suspends seed: UInt64? = nil) {
    self.sabotage = sabotage
    suspensions = seed.map(Suspensions.init)
    self.schedulers = schedulers
    let count = ProcessTable.maxSlots / Audit.slabSlots
    unsafe slabs = .allocate(capacity: count)
    for i in 0..<count { unsafe (slabs + i).initialize(to: Atomic(0)) }
    unsafe ticks = .allocate(capacity: Audit.keptTicks)
    for i in 0..<Audit.keptTicks { unsafe (ticks + i).initialize(to: Atomic(0)) }
    unsafe queueTimes = .allocate(capacity: schedulers)
    for i in 0..<schedulers { unsafe (queueTimes + i).initialize(to: Histogram()) }
  }

  /// Puts an audit where it stays for as long as the VM.
  static func place(_ audit: consuming Audit?) -> UnsafeMutablePointer<Audit>? {
    guard let audit else { return nil }
    let place = UnsafeMutablePointer<Audit>.allocate(capacity: 1)
    unsafe place.initialize(to: audit)
    return unsafe place
  }

  /// Whether a wake is to be lost now.
  func losesWake() -> Bool {
    sabotage == .losesWakes
      && wakes.wrappingAdd(1, ordering: .relaxed).newValue % Audit.lostWake == 0
  }

  /// Whether the heap of a process that ends now is to stay for ever.
  func losesHeap() -> Bool {
    sabotage == .keepsHeaps && ends.wrappingAdd(1, ordering: .relaxed).newValue % Audit.lostHeap == 0
  }

  /// The record of a process's slot, made when first asked for.
  func record(of pid: Word) -> UnsafeMutablePointer<Record> {
    let slot = Int(pid.immediateValue & 0xFF_FFFF)
    let place = unsafe slabs + slot / Audit.slabSlots
    // acquire: pairs with the releasing swap below.
    var address = unsafe place.pointee.load(ordering: .acquiring)
    if address == 0 {
      let slab = UnsafeMutablePointer<Record>.allocate(capacity: Audit.slabSlots)
      for i in 0..<Audit.slabSlots { unsafe (slab + i).initialize(to: Record()) }
      let (swapped, found) = unsafe place.pointee.compareExchange(
        expected: 0, desired: UInt(bitPattern: slab), ordering: .acquiringAndReleasing)
      address = swapped ? UInt(bitPattern: slab) : found
      if !swapped { unsafe slab.deallocate() }
    }
    let slab = unsafe UnsafeMutablePointer<Record>(bitPattern: address).unsafelyUnwrapped
    return unsafe slab + slot % Audit.slabSlots
  }

  // MARK: Busy time

  /// Time goes on. The harness alone calls it.
  func advance() {
    let next = tick.load(ordering: .relaxed) + 1
    unsafe ticks[next % Audit.keptTicks].store(
      ludi_program_nanoseconds() / UInt64(schedulers), ordering: .relaxed)
    // release: pairs with the acquire in `busyTime`.
    tick.store(next, ordering: .releasing)
  }

  /// The busy time that has surely passed since a tick.
  func busyTime(since start: Int) -> UInt64 {
    let last = tick.load(ordering: .acquiring)
    let first = max(start + 1, last - Audit.keptTicks + 2)
    if first >= last { return 0 }
    return unsafe ticks[last % Audit.keptTicks].load(ordering: .relaxed)
      &- ticks[first % Audit.keptTicks].load(ordering: .relaxed)
  }

  // MARK: What schedulers tell

  /// A process is about to enter a queue.
  func madeRunnable(_ process: Process) {
    let record = unsafe record(of: process.pid)
    unsafe record.pointee.runnableSinceTick.store(tick.load(ordering: .relaxed), ordering: .relaxed)
    unsafe record.pointee.runnableSince.store(ludi_monotonic_nanoseconds(), ordering: .relaxed)
  }

  /// A process gets its turn on a scheduler. `isFirst`: it has never run.
  func turnBegins(_ process: Process, isFirst: Bool, on scheduler: Int) {
    let record = unsafe record(of: process.pid)
    if isFirst {
      unsafe record.pointee.reductions.store(0, ordering: .relaxed)
      unsafe record.pointee.waits.store(0, ordering: .relaxed)
    }
    let since = unsafe record.pointee.runnableSince.load(ordering: .relaxed)
    if since == 0 { return }
    let now = ludi_monotonic_nanoseconds()
    unsafe record.pointee.runnableSince.store(0, ordering: .relaxed)
    unsafe queueTimes[scheduler].record(now &- since)
    let waited = unsafe busyTime(since: record.pointee.runnableSinceTick.load(ordering: .relaxed))
    if waited > 0 { keep(process, waited) }
  }

  /// A turn is over; the process is still the caller's. `waits`: it is about to park; else it is about to enter a queue.
  func turnEnds(_ process: Process, used: Int, waits: Bool) {
    let record = unsafe record(of: process.pid)
    let sum = unsafe record.pointee.reductions.load(ordering: .relaxed) &+ UInt64(clamping: used)
    unsafe record.pointee.reductions.store(sum, ordering: .relaxed)
    guard waits else { return madeRunnable(process) }
    let count = unsafe record.pointee.waits.load(ordering: .relaxed)
    unsafe record.pointee.waits.store(count &+ 1, ordering: .relaxed)
    if process.nextUnseen != 0 {
      let place = Stacks.places(of: process, limit: 1).first?.text ?? "?"
      complaint.withLock {
        $0 =
          $0
          ?? "process \(Show.showNumber(of: process.pid)) waits in \(place) beside a message that it has not looked at"
      }
    }
  }

  @inline(never) private func keep(_ process: Process, _ waited: UInt64) {
    longestWait.withLock {
      if waited <= $0?.nanoseconds ?? 0 { return }
      let places = Stacks.places(of: process, limit: 2).map(\.text)
      $0 = LongWait(nanoseconds: waited, pid: process.pid.immediateValue, places: places)
    }
  }
}

/// How long a runnable process waited for its turn.
public struct LongWait: Sendable {
  /// In busy time: what each scheduler worked meanwhile, on the average.
  public let nanoseconds: UInt64
  public let pid: UInt64
  public let places: [String]
}
