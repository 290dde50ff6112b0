import Lanes
import Memory
import Words

/// The instructions of `receive`.
enum Receiving {
  enum Waiting {
    /// Something has come: look at it.
    case look
    /// The limit of `after` has passed.
    case timeIsUp
    /// Sleep until something comes.
    case sleep
  }

  /// Begins a `receive`. `limit` is the value of its `after`, or `absent`. False: the limit is no limit; panics.
  @inline(never) static func start(_ process: Process, limit: Word) -> Bool {
    let block = unsafe process.block
    if unsafe block.pointee.startsAtMark {
      unsafe block.pointee.startsAtMark = false
    } else {
      process.lookFromStart()
    }
    guard limit != .absent, limit != Keywords.infinity else {
      unsafe block.pointee.deadline = 0
      return true
    }
    guard limit.isNumber, limit.number >= 0 else {
      SlowPaths.panic(
        process, "after needs a number of milliseconds of 0 or more, but got \(Show.text(limit))")
      return false
    }
    // 292 years are as good as for ever.
    let nanoseconds = limit.number * 1_000_000
    unsafe block.pointee.deadline =
      nanoseconds > 9e18 ? 0 : Clock.now() + UInt64(nanoseconds.rounded(.up)) + 1
    return true
  }

  /// The next message that this `receive` has not looked at; `absent`: none; `request`: the process was told to end.
  @inline(never) static func next(_ process: Process) -> Word {
    while true {
      let address = process.nextUnseen
      if address == 0 {
        if unsafe process.block.pointee.inbox.isEmpty { return .absent }
        guard process.drainInbox() else { return .request }
        if process.nextUnseen == 0 { return .absent }
        continue
      }
      let cell = MessageCell(address: address)
      process.see(cell)
      process.adopt(cell)
      if isForReceive(process, cell) { return cell.value }
      process.removeSeen()
    }
  }

  /// Answers whose token nobody awaits any more are dropped unseen.
  private static func isForReceive(_ process: Process, _ cell: MessageCell) -> Bool {
    guard cell.value.isObject(.tuple) else { return true }
    let tuple = HeapObject(cell.value)
    if cell.kind == Signal.reply.rawValue { return unsafe tuple[0] == process.block.pointee.awaitedToken }
    guard tuple.size == 3, tuple[0] == Keywords.reply, Tokens.isOfCall(tuple[1]) else { return true }
    return unsafe tuple[1] == process.block.pointee.awaitedToken || !Tokens.isOfCall(tuple[1], by: process)
  }

  /// The message matched: it leaves the mailbox, and the `receive` is over.
  @inline(never) static func take(_ process: Process) {
    // A guard that itself received has taken the place in the mailbox away: then this message stays.
    if unsafe process.block.pointee.seenMessage == 0 { return }
    process.removeSeen()
    process.lookFromStart()
  }

  /// The common case: the oldest message, and no object to disown. False: it is not that.
  @inline(__always) static func takeFirst(_ process: Process) -> Bool {
    let seen = unsafe process.block.pointee.seenMessage
    guard unsafe seen != 0 && process.block.pointee.beforeSeen == 0 else { return false }
    let cell = MessageCell(address: seen)
    guard cell.isPlainMessage else { return false }
    let next = cell.next
    unsafe process.block.pointee.firstMessage = next
    unsafe process.block.pointee.unseenMessage = next
    if next == 0 { unsafe process.block.pointee.lastMessage = 0 }
    unsafe process.block.pointee.messageCount &-= 1
    unsafe process.block.pointee.seenMessage = 0
    process.pool.give(cell.address, .words8)
    return true
  }

  /// Nothing matched so far. A message that has arrived beats a limit that is over.
  @inline(never) static func wait(_ process: Process) -> Waiting {
    let block = unsafe process.block
    if process.nextUnseen != 0 || (unsafe !block.pointee.inbox.isEmpty) { return .look }
    let deadline = unsafe block.pointee.deadline
    if deadline != 0 && Clock.now() >= deadline { return .timeIsUp }
    return .sleep
  }
}
