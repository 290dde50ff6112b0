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
    if unsafe block.pointee.cursor != .marked { process.lookFromStart() }
    unsafe block.pointee.cursor = .free
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
    let now = Clock.now()
    unsafe process.scheduler.pointee.limitBegan = now
    unsafe block.pointee.deadline = nanoseconds > 9e18 ? 0 : now + UInt64(nanoseconds.rounded(.up)) + 1
    return true
  }

  /// The next message that this `receive` has not looked at; `absent`: none; `request`: see `drainInbox`.
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
    // What the guard called has taken the message already.
    if unsafe process.block.pointee.seenMessage != 0 { process.removeSeen() }
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

  // MARK: Guards that receive

  /// The place of the running receive, about to be left to a guard: its message, which stays in the mailbox and carries
  /// the receive's limit meanwhile.
  @inline(never) static func hold(_ process: Process) -> Word {
    let block = unsafe process.block
    let seen = unsafe block.pointee.seenMessage
    if seen == 0 { return Word(0) }
    MessageCell(address: seen).hold(limit: unsafe block.pointee.deadline)
    unsafe block.pointee.cursor = .held
    return Word(Double(seen))
  }

  /// Goes back to a place. The common case is that the guard did not receive. Otherwise the message is looked for, since its
  /// cell may have been taken, and may by now be another message: `place` is compared, never followed. Where it is gone,
  /// this receive begins anew.
  @inline(never) static func resume(_ process: Process, at place: Word) {
    let block = unsafe process.block
    if unsafe block.pointee.cursor == .held {
      unsafe block.pointee.cursor = .free
      let seen = unsafe block.pointee.seenMessage
      if seen != 0 { _ = MessageCell(address: seen).resume() }
      return
    }
    process.lookFromStart()
    unsafe block.pointee.cursor = .free
    unsafe block.pointee.deadline = 0
    guard place.isNumber, place.number != 0 else { return }
    var before: UInt = 0
    var address = unsafe block.pointee.firstMessage
    while address != 0 {
      let cell = MessageCell(address: address)
      if Double(address) == place.number, let limit = cell.resume() {
        unsafe block.pointee.seenMessage = address
        unsafe block.pointee.beforeSeen = before
        unsafe block.pointee.unseenMessage = cell.next
        unsafe block.pointee.deadline = limit
        return
      }
      before = address
      address = cell.next
    }
  }
}
