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
    var step = unsafe SettlingStep(process: process, scheduler: scheduler)
    return step.settle(&awaiters) && step.settle(&messages) && step.settle(&taken) && step.settle(&late)
  }

  /// A step as it goes on.
  @safe private struct SettlingStep {
    let process: Process
    let scheduler: UnsafeMutablePointer<SchedulerBlock>
    var budget = LongInbox.Budget.ofAnEnd

    var pool: Pool { unsafe scheduler.pointee.pool }

    mutating func settle(_ inbox: inout LongInbox) -> Bool {
      inbox.turnRound(&budget)
      return inbox.newest == 0 && settle(&inbox.oldest)
    }

    /// Answers the requests in a list of cells, and gives all of them back, as long as the budget lasts.
    mutating func settle(_ first: inout UInt) -> Bool {
      while first != 0 {
        let cell = MessageCell(address: first)
        guard budget.takesOne(), freeChunks(cell) else { return false }
        if cell.kind == Signal.awaitRequest.rawValue { answer(cell) }
        first = cell.next
        cell.free(pool: pool)
      }
      return true
    }

    /// Frees what a cell carries in chunks; false: there are more.
    private mutating func freeChunks(_ cell: MessageCell) -> Bool {
      while let words = cell.freeChunk() {
        if !budget.takes(cells: words / wordsPerCell) { return false }
      }
      return true
    }

    private mutating func answer(_ cell: MessageCell) {
      // What was meant for an earlier tenant of the slot may still lie in the inbox.
      guard cell.destination == process.pid else { return unsafe Ending.answer(cell, unknownTo: scheduler) }
      let request = HeapObject(cell.value)
      guard
        let reply = unsafe Ending.reply(
          request[1], of: process, with: process.pid, to: request[0], on: scheduler)
      else {
        return unsafe Ending.answer(cell, unknownTo: scheduler)
      }
      _ = budget.takes(cells: cellsPerAnswer + reply.chunkWords / copiedWordsPerCell)
      _ = unsafe Sending.post(reply, to: request[0], on: scheduler)
    }
  }

  /// Giving back so many words of a chunk takes about as long as a cell; so does copying so many words.
  private static let wordsPerCell = 128
  private static let copiedWordsPerCell = 8
  /// An answer takes about as long as so many cells that are given back.
  private static let cellsPerAnswer = 16
}
