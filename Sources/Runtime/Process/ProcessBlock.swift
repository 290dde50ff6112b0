import Lanes
import Memory
import Synchronization
import Words

/// Where a process is in its life. Written by whoever holds the process; read by anyone, as a hint. The byte may say besides
/// that the mailbox of one that is runnable or runs is long (`Pressure`).
enum ProcessStatus: UInt8 {
  /// The slot has no tenant.
  case free
  /// It waits in some queue, or runs.
  case runnable
  case running
  /// It waits for a message or a time.
  case waiting
  /// It has ended; `outcome` is what it left.
  case ended
}

/// What a native or a slow path asks of the scheduler on behalf of the process that runs it.
enum ProcessRequest: UInt8 {
  case none
  /// End with a panic; the message is the string in `requestValue`, or in `extra` if there is none.
  case panic
  /// End with the reason in `requestValue`.
  case exit
  /// End normally; `requestValue` is the result.
  case finish
  /// Give up the slice, go on behind the instruction.
  case yield
  /// Give up the slice, then run the same instruction again.
  case again
  /// The machine has entered another procedure by itself (`apply`).
  case entered
}

/// What a process's place in its mailbox is worth when a `receive` begins.
enum ReceiveCursor: UInt8 {
  /// Nothing: it starts at the oldest message.
  case free
  /// It starts there: what lies before cannot be the answer that is awaited.
  case marked
  /// The place of a receive whose guard is running. Whoever starts another receive takes it away (`free`), and the held
  /// one has to look for its message.
  case held
}

/// The process control block: all that there is of a process outside its heap. Blocks are type-stable: recycled, never
/// unmapped, so that a stale pid may always be looked at (`ProcessTable`).
///
/// M1  Everything but `inbox`, `pid`, `status` and `outcome` belongs to the one thread that holds the process: the
///     scheduler that runs it, or whoever took it out of a queue. It changes hands through run queues and `inbox` alone,
///     whose atomics order what the former holder wrote before what the next one reads.
/// M2  A process is in at most one run queue, and in none while it waits.
/// M3  `outcome` is written before `inbox` is closed, under `lock`, and changed under `lock` only.
/// M4  It is at most 256 bytes, four cache lines (a test looks): an idle process is this and its smallest block.
@safe struct ProcessBlock: ~Copyable {
  // First stands what is the holder's alone: the thread sanitizer books an access to any plain field on the first one.
  private var reductionCount: Int32 = 0
  private var neededWordCount: UInt32 = 0
  private var liveRegisterCount: UInt16 = 0
  /// The scheduler whose `timer` it is.
  var timerScheduler: UInt16 = 0
  var messageCount: UInt32 = 0
  /// The tenant's pid word; of a free slot, the last tenant's.
  let pid = Atomic<UInt64>(0)
  let inbox = InboxStack()
  /// Guards `outcome` against a reader while the slot gets its next tenant.
  let lock = RankedMutex(rank: .processOutcome)
  let status = Atomic<UInt8>(0)

  var request = ProcessRequest.none
  /// What the place in the mailbox (`seenMessage` and its like) means to the next `receive`.
  var cursor = ReceiveCursor.free
  /// [ isTakingIn:1 | priority:6 | isRef:1 ]
  private var kind: UInt8 = 0

  var heap = HeapState()
  /// The next instruction, and register 0 of the running frame.
  var pc: UnsafePointer<UInt64>?
  var frame: UnsafeMutablePointer<UInt64>?

  // The mailbox: what was taken out of the inbox. `seen` is the last cell that the running `receive` has looked at;
  // 0: none yet.
  var firstMessage: UInt = 0
  var lastMessage: UInt = 0
  var seenMessage: UInt = 0
  var beforeSeen: UInt = 0
  /// The cell behind `seenMessage`; 0: none. Kept, because every `receive` asks for it several times.
  var unseenMessage: UInt = 0
  /// Cells whose values lie in this heap, newest first.
  var adoptedMessages: UInt = 0
  /// Who waits for the end of this process: cells, oldest first.
  var firstAwaiter: UInt = 0
  var lastAwaiter: UInt = 0

  /// When the running `receive` gives up, in nanoseconds of the VM's clock; 0: never.
  var deadline: UInt64 = 0
  var timer: UInt64 = 0

  /// The function that it was started with, for its label; and who started it.
  var label = Word.nil
  var parent = Word.nil
  var requestValue = Word.nil
  /// The token that `await!` or `call!` waits for.
  var awaitedToken = Word.nil
  /// The cell with what it started from, later with what it left: (:ok, value) or (:err, reason).
  var outcome: UInt = 0

  /// The scheduler that runs it.
  var scheduler: UnsafeMutablePointer<SchedulerBlock>?
  /// What few processes need: a panic's message, a large copy under way.
  var extra: Unmanaged<ProcessExtra>?
}

extension ProcessBlock {
  /// Where the fields lie that machine code uses, in bytes from the block's start.
  struct Fields {
    let reductions, liveRegisters, pc, frame, base, stackTop, top, more, blockWords, tag, wantsCollection,
      pid: Int
    let inbox, cursor, firstMessage, seenMessage, beforeSeen, unseenMessage, deadline: Int

    @safe init() {
      // SAFETY: the block is only measured.
      let block = UnsafeMutablePointer<ProcessBlock>.allocate(capacity: 1)
      defer { unsafe block.deallocate() }
      func offset<Field: ~Copyable>(_ place: UnsafePointer<Field>) -> Int {
        Int(UInt(bitPattern: place) - UInt(bitPattern: block))
      }
      reductions = unsafe withUnsafePointer(to: &block.pointee.reductionCount) { unsafe offset($0) }
      liveRegisters = unsafe withUnsafePointer(to: &block.pointee.liveRegisterCount) { unsafe offset($0) }
      pc = unsafe withUnsafePointer(to: &block.pointee.pc) { unsafe offset($0) }
      frame = unsafe withUnsafePointer(to: &block.pointee.frame) { unsafe offset($0) }
      base = unsafe withUnsafePointer(to: &block.pointee.heap.base) { unsafe offset($0) }
      stackTop = unsafe withUnsafePointer(to: &block.pointee.heap.stackTop) { unsafe offset($0) }
      top = unsafe withUnsafePointer(to: &block.pointee.heap.top) { unsafe offset($0) }
      more = unsafe withUnsafePointer(to: &block.pointee.heap.more) { unsafe offset($0) }
      blockWords = unsafe withUnsafePointer(to: &block.pointee.heap.blockWordCount) { unsafe offset($0) }
      tag = unsafe withUnsafePointer(to: &block.pointee.heap.tag) { unsafe offset($0) }
      wantsCollection = unsafe withUnsafePointer(to: &block.pointee.heap.wantsCollection) {
        unsafe offset($0)
      }
      pid = unsafe withUnsafePointer(to: block.pointee.pid) { unsafe offset($0) }
      inbox = unsafe withUnsafePointer(to: block.pointee.inbox) { unsafe offset($0) }
      cursor = unsafe withUnsafePointer(to: &block.pointee.cursor) { unsafe offset($0) }
      firstMessage = unsafe withUnsafePointer(to: &block.pointee.firstMessage) { unsafe offset($0) }
      seenMessage = unsafe withUnsafePointer(to: &block.pointee.seenMessage) { unsafe offset($0) }
      beforeSeen = unsafe withUnsafePointer(to: &block.pointee.beforeSeen) { unsafe offset($0) }
      unseenMessage = unsafe withUnsafePointer(to: &block.pointee.unseenMessage) { unsafe offset($0) }
      deadline = unsafe withUnsafePointer(to: &block.pointee.deadline) { unsafe offset($0) }
    }
  }

  /// What is left of the slice; below 0: used up.
  @inline(__always) var reductions: Int {
    get { Int(reductionCount) }
    set { reductionCount = Int32(truncatingIfNeeded: newValue) }
  }

  /// How many registers of the running frame are live at `pc`.
  @inline(__always) var liveRegisters: Int {
    get { Int(liveRegisterCount) }
    set { liveRegisterCount = UInt16(truncatingIfNeeded: newValue) }
  }

  /// It serves a ref: the program does not wait for its end, and no list of processes names it.
  var isRef: Bool { kind & 1 == 1 }

  var priority: Priority { Priority(rawValue: kind >> 1 & 0x3F) ?? .normal }

  /// Whether a long inbox has been taken that is not all in the mailbox yet (`LongInbox`): until then it does not run.
  var isTakingIn: Bool {
    get { kind & 0x80 != 0 }
    set { kind = newValue ? kind | 0x80 : kind & 0x7F }
  }

  mutating func setKind(isRef: Bool, priority: Priority) { kind = priority.rawValue << 1 | (isRef ? 1 : 0) }

  /// Words that the next collection must leave free above the frame.
  var neededWords: Int {
    get { Int(neededWordCount) }
    set { neededWordCount = UInt32(clamping: newValue) }
  }

  /// The next one in a list of free slots, which lies where a tenant has its first message.
  var nextFree: UnsafeMutablePointer<ProcessBlock>? {
    get { unsafe UnsafeMutablePointer(bitPattern: firstMessage) }
    set { firstMessage = UInt(bitPattern: newValue) }
  }
}

/// What few processes need, made when first used, kept till the end of the process.
final class ProcessExtra {
  /// Why it panics.
  var panicMessage = ""
  /// A report about clauses that goes to standard error, not into the message.
  var panicDetail = ""
  /// A message that is being copied over several slices.
  var copy: LargeCopyBox?
  /// A native's work that goes on in the next slice.
  var work: SlicedWork?
  /// The most work that one step has done so far: tests look.
  var largestStep = 0
  /// What is left of a long inbox that is being taken in.
  var inbox = LongInbox()
  /// What is left to do about a process that has ended.
  var remains: Remains?
  /// While a collection is left to a collector thread: registers of the running frame, or -1.
  var collectsFor = -1
  /// The state of its random numbers; 0: not seeded.
  var random: UInt64 = 0
}

/// Holds a copy under way.
final class LargeCopyBox {
  var copy: LargeCopy
  init(_ copy: consuming LargeCopy) { self.copy = copy }
}
