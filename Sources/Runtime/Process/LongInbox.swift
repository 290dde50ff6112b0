import Lanes
import Memory

/// An inbox in which very much lay when its process got its turn: newest first, as it was pushed, it must be turned round
/// before the first message can be seen. That is done in steps, each a turn in which the process does not run: it is in no
/// mailbox's order otherwise (B3).
///
/// B3  While there is one, nothing is taken out of the inbox: what comes meanwhile is newer than all of this.
struct LongInbox {
  /// Cells that a turn turns round or takes in: half a millisecond, where another core wrote them. Several times what a sender
  /// sends in a slice. With 2,000, which take 100 µs, a receiver whose inbox had once been long never caught up with a single
  /// sender: while it took in, so much more was sent that the next inbox was longer still.
  static var cellsATurn: Int { 1 << 14 }

  /// Not turned round yet, newest first; turned round, oldest first.
  var newest: UInt = 0
  var oldest: UInt = 0

  /// Turns round at most so many cells; how many are left to be done.
  mutating func turnRound(_ budget: Int) -> Int {
    var left = budget
    while newest != 0 && left > 0 {
      let cell = MessageCell(address: newest)
      newest = cell.next
      cell.next = oldest
      oldest = cell.address
      left -= 1
    }
    return left
  }
}

extension Process {
  /// Takes in what was in an inbox, newest first, if that is not too much for a turn. False: it is (`isTakingIn`), or an
  /// exit signal was among it, and the process has asked to end.
  @inline(never) func take(newestFirst newest: UInt) -> Bool {
    var inbox = LongInbox(newest: newest)
    _ = inbox.turnRound(LongInbox.cellsATurn)
    if inbox.newest == 0 { return take(oldestFirst: inbox.oldest) }
    extra.inbox = inbox
    unsafe block.pointee.isTakingIn = true
    return false
  }

  /// Goes on with it; false as above.
  @inline(never) func takeInMore() -> Bool {
    let extra = extra
    var left = extra.inbox.turnRound(LongInbox.cellsATurn)
    if extra.inbox.newest != 0 { return false }
    var next = extra.inbox.oldest
    while next != 0 && left > 0 {
      let cell = MessageCell(address: next)
      next = cell.next
      left -= 1
      if take(cell) { continue }
      append(oldestFirst: next)
      (next, left) = (0, -1)
    }
    extra.inbox.oldest = next
    unsafe block.pointee.isTakingIn = next != 0
    return next == 0 && left >= 0
  }
}
