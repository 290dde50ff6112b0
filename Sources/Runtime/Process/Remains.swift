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
  /// The copy of a large outcome for the request that is the first of its list.
  private var copy: ChunkCopy?

  init(of process: Process, late newest: UInt) {
    let block = unsafe process.block
    awaiters = unsafe block.pointee.firstAwaiter
    messages = unsafe block.pointee.firstMessage
    taken = unsafe block.pointee.extra?.takeUnretainedValue().inbox ?? LongInbox()
    late = LongInbox(newest: newest)
  }

  /// Goes on for a step; true: nothing is left.
  mutating func settle(_ process: Process, on scheduler: UnsafeMutablePointer<SchedulerBlock>) -> Bool {
    var step = unsafe SettlingStep(process: process, scheduler: scheduler, copy: copy)
    let isDone =
      step.settle(&awaiters) && step.settle(&messages) && step.settle(&taken) && step.settle(&late)
    copy = step.copy
    return isDone
  }

  /// A step as it goes on.
  @safe private struct SettlingStep {
    let process: Process
    let scheduler: UnsafeMutablePointer<SchedulerBlock>
    var copy: ChunkCopy?
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
        if cell.kind == Signal.awaitRequest.rawValue, !answer(cell) { return false }
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

    /// Answers a request; false: the answer is large, and its copy not whole yet.
    private mutating func answer(_ cell: MessageCell) -> Bool {
      // What was meant for an earlier tenant of the slot may still lie in the inbox.
      guard cell.destination == process.pid else {
        unsafe Ending.answer(cell, unknownTo: scheduler)
        return true
      }
      _ = budget.takes(cells: cellsPerAnswer)
      let outcome = unsafe MessageCell(address: process.block.pointee.outcome)
      if outcome.link == 0 {
        unsafe Ending.answer(cell, outcome.value, on: scheduler)
        return true
      }
      let copying = copy ?? ChunkCopy(of: outcome)
      while !copying.step(words: copiedWords) {
        guard budget.takes(cells: copiedWords / copiedWordsPerCell) else {
          copy = copying
          return false
        }
      }
      copy = nil
      let request = HeapObject(cell.value)
      let reply = copying.finish(kind: Signal.reply.rawValue, to: request[0], with: request[1], pool: pool)
      _ = unsafe Sending.post(reply, to: request[0], on: scheduler)
      return true
    }
  }

  /// Giving back so many words of a chunk takes about as long as a cell; so does copying so many words.
  private static let wordsPerCell = 128
  private static let copiedWordsPerCell = 8
  /// Words that are copied between two looks at the budget.
  private static let copiedWords = 2048
  /// An answer takes about as long as so many cells that are given back.
  private static let cellsPerAnswer = 16
}
