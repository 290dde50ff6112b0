import Lanes
import Memory
import Words

/// What an ended process leaves that somebody must look at: who waits for its end is answered, messages are given back.
///
/// E1  While there is some, the process has ended for all others (its outcome is there, its inbox is closed, its heap gone), but
///     its slot gets no next tenant, and it stays in the run queues: each of its turns is a step of this.
struct Remains {
  /// Requests that it had seen, oldest first.
  private var awaiters: UInt
  /// Its mailbox.
  private var messages: UInt
  /// What it had taken out of its inbox when it was told to end, and what came later.
  private var taken: LongInbox
  private var late: LongInbox

  init(of process: Process, late newest: UInt) {
    let block = unsafe process.block
    awaiters = unsafe block.pointee.firstAwaiter
    messages = unsafe block.pointee.firstMessage
    taken = unsafe block.pointee.extra?.takeUnretainedValue().inbox ?? LongInbox()
    late = LongInbox(newest: newest)
  }

  /// Goes on for a step; true: nothing is left.
  mutating func settle(_ process: Process, on scheduler: UnsafeMutablePointer<SchedulerBlock>) -> Bool {
    var budget = LongInbox.Budget.ofAnEnd
    return unsafe Remains.settle(&awaiters, process, scheduler, &budget)
      && Remains.settle(&messages, process, scheduler, &budget)
      && Remains.settle(&taken, process, scheduler, &budget)
      && Remains.settle(&late, process, scheduler, &budget)
  }

  private static func settle(
    _ inbox: inout LongInbox, _ process: Process, _ scheduler: UnsafeMutablePointer<SchedulerBlock>,
    _ budget: inout LongInbox.Budget
  ) -> Bool {
    inbox.turnRound(&budget)
    return inbox.newest == 0 && (unsafe settle(&inbox.oldest, process, scheduler, &budget))
  }

  /// Answers the requests in a list of cells, and gives all of them back, as long as the budget lasts.
  private static func settle(
    _ first: inout UInt, _ process: Process, _ scheduler: UnsafeMutablePointer<SchedulerBlock>,
    _ budget: inout LongInbox.Budget
  ) -> Bool {
    while first != 0 {
      let cell = MessageCell(address: first)
      guard budget.takesOne(), freeChunks(cell, &budget) else { return false }
      first = cell.next
      if cell.kind == Signal.awaitRequest.rawValue { unsafe answer(cell, process, scheduler, &budget) }
      unsafe cell.free(pool: scheduler.pointee.pool)
    }
    return true
  }

  /// Frees what a cell carries in chunks; false: there are more.
  private static func freeChunks(_ cell: MessageCell, _ budget: inout LongInbox.Budget) -> Bool {
    while let words = cell.freeChunk() {
      if !budget.takes(cells: words / wordsPerCell) { return false }
    }
    return true
  }

  private static func answer(
    _ cell: MessageCell, _ process: Process, _ scheduler: UnsafeMutablePointer<SchedulerBlock>,
    _ budget: inout LongInbox.Budget
  ) {
    // What was meant for an earlier tenant of the slot may still lie in the inbox.
    guard cell.destination == process.pid else { return unsafe Ending.answer(cell, unknownTo: scheduler) }
    let outcome = unsafe MessageCell(address: process.block.pointee.outcome)
    unsafe Ending.answer(cell, outcome.value, on: scheduler)
    _ = budget.takes(cells: cellsPerAnswer + outcome.chunkWords / copiedWordsPerCell)
  }

  /// Giving back so many words of a chunk takes about as long as a cell; so does copying so many.
  private static let wordsPerCell = 128
  private static let copiedWordsPerCell = 8
  /// An answer takes about as long as so many cells that are given back.
  private static let cellsPerAnswer = 16
}
