import Bytecode
import CLinux
import Observation
import Synchronization

/// What a scheduler did in a step.
public enum StepKind: Sendable, Equatable {
  /// It ran a process.
  case turn
  /// It collected a process's heap and moved so many words.
  case collection(words: Int)
  /// It ended a process: told whoever waits, gave its memory back.
  case ending
  /// It woke processes whose time had come.
  case timers
}

/// A step that held its scheduler for long.
public struct LongStep: Sendable {
  public let kind: StepKind
  /// How long, in nanoseconds: processor time of the thread in an audited VM, else of the wall's clock.
  public let nanoseconds: UInt64
  /// The pid's number, and where the process was afterwards (innermost first); empty if it cannot be told.
  public let pid: UInt64
  public let places: [String]
  /// In an audited VM: the native that took longest in it, and for how long by the wall's clock.
  public let native: (name: String, nanoseconds: UInt64)?
  /// In an audited VM: how many pages the system gave the thread in it, each cleared first. A page takes 0.5 µs, or, where
  /// the system itself runs on a virtual machine whose host must find it, up to milliseconds.
  public let pages: UInt64

  /// For people: what held the scheduler, where.
  public var text: String {
    let what: String
    switch kind {
    case .turn: what = "a turn"
    case .collection(let words): what = "a collection that moved \(words) words"
    case .ending: what = "the end of a process"
    case .timers: what = "timers"
    }
    let whose = places.isEmpty ? "" : " of process \(pid) in \(places.joined(separator: ", called by "))"
    let inside = native.map { ", of which \($0.nanoseconds / 1000) µs in a call of the native \($0.name)" }
    let faults = pages == 0 ? "" : ", in which the system gave \(pages) pages"
    return what + whose + (inside ?? "") + faults
  }
}

/// How long each step held its scheduler: what passed between two looks at the clock (design §8: no step holds a scheduler
/// for more than about 200 µs). Always on. The clock is looked at where a turn has used up its slice, waits or ends after
/// `StepMeter.turnFrom` reductions, and around large collections and timers; shorter turns (a hop of a message takes
/// less than two looks at the clock) count together with the next longer one.
///
/// One scheduler's thread writes it; anybody may read it.
struct StepMeter: ~Copyable {
  /// Reductions from which on a turn is a step by itself.
  static let turnFrom = 1000
  /// Words that a collection moves at least to be a step by itself.
  static let collectionFrom = 8192
  /// Steps from so many nanoseconds on are looked at more closely.
  private static let longFrom: UInt64 = 100_000
  /// How many of the longest steps are kept.
  private static let keptSteps = 8
  private static let keptAbsences = 10_000
  /// How old a reading of the processor's clock may be, in nanoseconds: it takes a system call. Processor time of a step
  /// is known to within this.
  private static let processorReadingAge: UInt64 = 20_000
  /// A native is named from so many nanoseconds on.
  private static let nativeFrom: UInt64 = 20_000

  /// Every step, in nanoseconds of the wall's clock.
  let gaps = Histogram()
  /// In an audited VM: every step in processor time of the thread, never too small and at most 20 µs too great.
  let busyGaps = Histogram()
  /// In an audited VM: for how long the thread had no processor while it was in a step, as often as that was long: the
  /// system had given it to somebody else.
  let withheld = Histogram()
  private let worst = Mutex<[LongStep]>([])
  private let withheldTimes = Mutex<[Range<UInt64>]>([])
  /// Whether processor time is looked at, too.
  private let isExact: Bool
  // Atomic, so that the address of this struct is never taken for a change; its thread alone uses them.
  private let began = Atomic<UInt64>(0)
  private let processorTime = Atomic<UInt64>(0)
  private let processorReadAt = Atomic<UInt64>(0)
  /// How many pages the thread had when its processor time was read, and how many came in the time that was read.
  private let pages = Atomic<UInt64>(0)
  private let newPages = Atomic<UInt64>(0)
  /// The longest call of a native in this step: its nanoseconds, and below them, in 16 bits, which it was; 0: none.
  private let longestCall = Atomic<UInt64>(0)

  init(isExact: Bool) { self.isExact = isExact }

  /// A step begins after a pause that held nobody up.
  func restart() {
    let now = ludi_monotonic_nanoseconds()
    began.store(now, ordering: .relaxed)
    longestCall.store(0, ordering: .relaxed)
    if isExact { _ = readProcessorTime(now) }
  }

  /// A native has run since `start`, in an audited VM.
  @inline(never) func called(_ native: Native, since start: UInt64) {
    let length = ludi_monotonic_nanoseconds() &- start
    let call = length << 16 | UInt64(native.rawValue)
    if length < StepMeter.nativeFrom || call <= longestCall.load(ordering: .relaxed) { return }
    longestCall.store(call, ordering: .relaxed)
  }

  private var longestNative: (name: String, nanoseconds: UInt64)? {
    let call = longestCall.load(ordering: .relaxed)
    guard call != 0, let native = Native(rawValue: UInt16(truncatingIfNeeded: call)) else { return nil }
    return ("\(native)", call >> 16)
  }

  /// A step has ended, and the next one begins. `process` is the caller's, if it is given.
  @inline(never) func step(_ kind: StepKind, _ process: Process?) {
    let now = ludi_monotonic_nanoseconds()
    let start = began.load(ordering: .relaxed)
    began.store(now, ordering: .relaxed)
    // The Prelude runs before any scheduler has begun.
    if start == 0 { return restart() }
    var length = now &- start
    gaps.record(length)
    if isExact {
      let unread = now &- processorReadAt.load(ordering: .relaxed)
      if unread >= StepMeter.processorReadingAge {
        let used = readProcessorTime(now)
        if unread > used, unread - used >= StepMeter.longFrom {
          wasWithheld(unread - used, now &- unread..<now)
        }
        length = min(length, used)
      }
      busyGaps.record(length)
    }
    if length >= StepMeter.longFrom { keep(kind, length, process) }
    if isExact { longestCall.store(0, ordering: .relaxed) }
  }

  /// The processor time that this thread has used since it was read before.
  private func readProcessorTime(_ now: UInt64) -> UInt64 {
    let time = ludi_thread_nanoseconds()
    let used = time &- processorTime.load(ordering: .relaxed)
    processorTime.store(time, ordering: .relaxed)
    processorReadAt.store(now, ordering: .relaxed)
    let faults = ludi_thread_faults()
    newPages.store(faults &- pages.load(ordering: .relaxed), ordering: .relaxed)
    pages.store(faults, ordering: .relaxed)
    return used
  }

  @inline(never) private func wasWithheld(_ length: UInt64, _ time: Range<UInt64>) {
    withheld.record(length)
    // A long turn says too little about when that was.
    if length < (time.upperBound - time.lowerBound) / 2 { return }
    withheldTimes.withLock { if $0.count < StepMeter.keptAbsences { $0.append(time) } }
  }

  /// When the thread had no processor in the midst of a step (`withheld`), to within a turn.
  var absences: [Range<UInt64>] { withheldTimes.withLock { $0 } }

  @inline(never) private func keep(_ kind: StepKind, _ length: UInt64, _ process: Process?) {
    let least = worst.withLock { $0.count < StepMeter.keptSteps ? 0 : $0.last?.nanoseconds ?? 0 }
    if length <= least { return }
    let places = process.map { Stacks.places(of: $0, limit: 3).map(\.text) } ?? []
    let step = LongStep(
      kind: kind, nanoseconds: length, pid: process?.pid.immediateValue ?? 0, places: places,
      native: longestNative, pages: isExact ? newPages.load(ordering: .relaxed) : 0)
    worst.withLock {
      $0.append(step)
      $0.sort { $0.nanoseconds > $1.nanoseconds }
      if $0.count > StepMeter.keptSteps { $0.removeLast() }
    }
  }

  /// The longest steps, longest first.
  var longest: [LongStep] { worst.withLock { $0 } }
}
