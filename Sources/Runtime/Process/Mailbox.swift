import CLinux
import Lanes
import Memory
import Words

/// The private half of a mailbox: a list of cells that the process alone touches, and its inbox, which it empties.
///
///     first ─► looked at ─► … ─► seen ─► not looked at ─► … ─► last        inbox (other threads push)
///
/// B1  Cells up to `seen` have been looked at by the running `receive` and did not match (or were queued before its mark).
/// B2  A cell whose value lies in the process's heap is in the list of adopted cells, which the collector visits.
extension Process {
  /// Empties an inbox in which there is something; the common case is one message for this very tenant. False: see
  /// `drainInbox`.
  @inline(__always) func drainFilled() -> Bool {
    let newest = unsafe block.pointee.inbox.takeAll()
    let cell = MessageCell(address: newest)
    if cell.next == 0 && cell.kind <= Signal.reply.rawValue && cell.destination == pid {
      appendMessage(cell)
      return true
    }
    return take(newestFirst: newest)
  }

  /// Takes what has come in. False: an exit signal was among it, and the process has asked to end; or it was too much for a
  /// turn, and the instruction must be executed again when that is in (`isTakingIn`).
  func drainInbox(_ budget: LongInbox.Budget = .ofATurn) -> Bool {
    if unsafe block.pointee.inbox.isEmpty { return true }
    var inbox = LongInbox(newest: unsafe block.pointee.inbox.takeAll())
    var budget = budget
    inbox.turnRound(&budget)
    // In the midst of its slice the receiver pays, but never all that it has: what is left of the slice is as much shorter.
    // (What lies there when a turn begins is not charged: who pays for what others send falls behind them.)
    charge(
      min(budget.used / Process.cellsPerReduction, unsafe max(block.pointee.reductions, 0) / 4 * 3))
    if inbox.newest == 0 { return take(oldestFirst: inbox.oldest) }
    takeInLater(inbox)
    unsafe block.pointee.request = .again
    return false
  }

  /// Cells that are taken out of an inbox for a reduction: some thirty nanoseconds, where another core wrote them.
  private static var cellsPerReduction: Int { 2 }

  @inline(never) func take(oldestFirst first: UInt) -> Bool {
    var next = first
    while next != 0 {
      let cell = MessageCell(address: next)
      next = cell.next
      if !take(cell) {
        append(oldestFirst: next)
        return false
      }
    }
    tellLength()
    return true
  }

  /// What lies behind an exit signal: it goes with the mailbox.
  func append(oldestFirst first: UInt) {
    var next = first
    while next != 0 {
      let cell = MessageCell(address: next)
      next = cell.next
      appendMessage(cell)
    }
  }

  /// Deals with one cell; false: it ends the process.
  func take(_ cell: MessageCell) -> Bool {
    if cell.destination != pid {
      refuse(cell)
      return true
    }
    switch Signal(rawValue: cell.kind) ?? .message {
    case .message, .reply:
      appendMessage(cell)
    case .exit:
      return takeExit(cell)
    case .awaitRequest:
      addAwaiter(cell)
    case .awaitCancel:
      removeAwaiter(token: cell.value)
      cell.free(pool: pool)
    }
    return true
  }

  /// A cell for an earlier tenant of this slot: it vanishes; who wanted to be told of an end learns that nothing is known.
  func refuse(_ cell: MessageCell) {
    if cell.kind == Signal.awaitRequest.rawValue { unsafe Ending.answer(cell, unknownTo: scheduler) }
    cell.free(pool: pool)
  }

  @inline(__always) func appendMessage(_ cell: MessageCell) {
    cell.next = 0
    unsafe block.pointee.messageCount += 1
    if unsafe block.pointee.lastMessage == 0 {
      unsafe block.pointee.firstMessage = cell.address
    } else {
      unsafe MessageCell(address: block.pointee.lastMessage).next = cell.address
    }
    unsafe block.pointee.lastMessage = cell.address
    if unsafe block.pointee.unseenMessage == 0 { unsafe block.pointee.unseenMessage = cell.address }
  }

  /// `:normal` is ignored, `:kill` ends with `:killed`, anything else ends with itself.
  private func takeExit(_ cell: MessageCell) -> Bool {
    if cell.value == Keywords.normal {
      cell.free(pool: pool)
      return true
    }
    heap.adopt(cell)
    let reason = cell.value == Keywords.kill ? Keywords.killed : cell.value
    _ = ask(.exit, reason)
    cell.free(pool: pool)
    return false
  }

  /// The cell behind the last one that was looked at; 0: none.
  @inline(__always) var nextUnseen: UInt { unsafe block.pointee.unseenMessage }

  /// The next look starts at the oldest message.
  @inline(__always) func lookFromStart() {
    unsafe block.pointee.seenMessage = 0
    unsafe block.pointee.beforeSeen = 0
    unsafe block.pointee.unseenMessage = block.pointee.firstMessage
  }

  /// The next look starts behind the newest message.
  func lookFromEnd() {
    unsafe block.pointee.seenMessage = block.pointee.lastMessage
    unsafe block.pointee.unseenMessage = 0
  }

  /// Marks the cell behind `seen` as looked at.
  @inline(__always) func see(_ cell: MessageCell) {
    unsafe block.pointee.beforeSeen = block.pointee.seenMessage
    unsafe block.pointee.seenMessage = cell.address
    unsafe block.pointee.unseenMessage = cell.next
  }

  /// Makes the value of a cell part of the heap, once.
  func adopt(_ cell: MessageCell) {
    if cell.isAdopted { return }
    heap.adopt(cell)
    guard cell.value.isCollectablePointer else { return }
    let next = unsafe block.pointee.adoptedMessages
    cell.link = next
    cell.previous = 0
    if next != 0 { MessageCell(address: next).previous = cell.address }
    unsafe block.pointee.adoptedMessages = cell.address
    heap.didAdoptRoot()
  }

  /// Takes the cell that was seen last out of the list and gives it back.
  @inline(__always) func removeSeen() {
    let cell = unsafe MessageCell(address: block.pointee.seenMessage)
    let before = unsafe block.pointee.beforeSeen
    if before == 0 {
      unsafe block.pointee.firstMessage = cell.next
    } else {
      MessageCell(address: before).next = cell.next
    }
    if unsafe block.pointee.lastMessage == cell.address { unsafe block.pointee.lastMessage = before }
    unsafe block.pointee.seenMessage = before
    unsafe block.pointee.messageCount -= 1
    if cell.isAdopted { disown(cell) }
    cell.free(pool: pool)
  }

  /// Takes a cell out of the list of adopted ones. In constant time: whoever has looked at a full mailbox once and
  /// then takes its messages from the oldest on takes the last of the list each time.
  func disown(_ cell: MessageCell) {
    guard cell.value.isCollectablePointer else { return }
    heap.didDisownRoot()
    let previous = cell.previous
    let next = cell.link
    if next != 0 { MessageCell(address: next).previous = previous }
    if previous != 0 {
      MessageCell(address: previous).link = next
    } else {
      unsafe block.pointee.adoptedMessages = next
    }
  }

  /// Every root that does not lie on the stack.
  func visitRoots(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    var cell = unsafe block.pointee.adoptedMessages
    while cell != 0 {
      let place = unsafe MessageCell(address: cell).valuePlace
      cell = MessageCell(address: cell).link
      unsafe ludi_prefetch(UnsafeRawPointer(bitPattern: cell))
      unsafe visit(place)
    }
    unsafe visitRequest(visit)
  }

  /// The same for a full collection, which makes all that is alive old.
  func visitRootsSettling(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    unsafe visitRoots(visit)
    var cell = unsafe block.pointee.adoptedMessages
    while cell != 0 && !MessageCell(address: cell).isSettled {
      MessageCell(address: cell).settle()
      cell = MessageCell(address: cell).link
    }
  }

  /// The roots outside the stack that may lead to young objects, for a minor collection. Adopted messages are listed newest
  /// first, so behind one that is settled all are: a million of them that nobody has received cost nothing.
  func visitYoungRoots(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    var address = unsafe block.pointee.adoptedMessages
    while address != 0 {
      let cell = MessageCell(address: address)
      if cell.isSettled { break }
      cell.survive()
      address = cell.link
      // Where the next one lies, only this one tells: it is fetched while this one's value is moved.
      unsafe ludi_prefetch(UnsafeRawPointer(bitPattern: address))
      unsafe visit(cell.valuePlace)
    }
    unsafe visitRequest(visit)
  }

  private func visitRequest(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    unsafe withUnsafeMutablePointer(to: &block.pointee.requestValue) { place in
      unsafe place.withMemoryRebound(to: UInt64.self, capacity: 1) { unsafe visit($0) }
    }
  }
}
