import Lanes
import Memory
import Words

/// Getting cells into inboxes, and their receivers into run queues.
enum Sending {
  /// Sends a message; false: it is large and only half copied, so the process has asked to go on in the next slice.
  @inline(never) static func send(_ process: Process, to: Word, _ message: Word) -> Bool {
    let scheduler = unsafe process.scheduler
    guard let target = unsafe scheduler.pointee.shared.pointee.table.find(to) else { return true }
    let kind = Signal.message.rawValue
    if !message.isCollectablePointer {
      let cell = unsafe MessageCell.makePlain(message, kind: kind, to: to, pool: scheduler.pointee.pool)
      unsafe deliver(cell, to: target, on: scheduler)
      return true
    }
    if unsafe message.isRegionPointer || process.block.pointee.heap.more != nil {
      return sendCarefully(process, target, to, message)
    }
    guard let cell = unsafe MessageCopy.makeCell(message, kind: kind, to: to, pool: scheduler.pointee.pool)
    else {
      return sendLarge(process, target, to, message)
    }
    unsafe deliver(cell, to: target, on: scheduler)
    return true
  }

  /// The same for a process that may hold region pointers.
  @inline(never) private static func sendCarefully(
    _ process: Process, _ target: Process, _ to: Word, _ message: Word
  ) -> Bool {
    // In the middle of a copy or a promotion the headers of the graph are forwards.
    if Sharing.isUnderWay(process) || Sharing.isCopying(process) {
      return sendLarge(process, target, to, message)
    }
    let message = process.heap.promoted(message) ?? message
    guard
      let cell = MessageCopy.makeAnyCell(
        message, kind: Signal.message.rawValue, to: to, pool: process.pool)
    else {
      return sendLarge(process, target, to, message)
    }
    unsafe deliver(cell, to: target, on: process.scheduler)
    return true
  }

  /// Hands a finished cell over.
  @inline(__always) static func deliver(
    _ cell: MessageCell, to target: Process, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) {
    unsafe scheduler.pointee.sent.add(1)
    switch unsafe target.block.pointee.inbox.push(
      UnsafeMutableRawPointer(bitPattern: cell.address).unsafelyUnwrapped)
    {
    case .queued: break
    case .wake: unsafe Scheduler.wake(target, on: scheduler)
    case .closed: unsafe cell.free(pool: scheduler.pointee.pool)
    }
  }

  /// Words of a copy that a reduction pays for.
  static let wordsPerReduction = 16

  /// What is no small value is copied into chunks, if it is not so large that it is promoted.
  @inline(never) private static func sendLarge(
    _ process: Process, _ target: Process, _ to: Word, _ message: Word
  ) -> Bool {
    let extra = process.extra
    if Sharing.isUnderWay(process) { return sendPromoted(process, target, to, message) }
    let limit = Sharing.above.load(ordering: .relaxed)
    if extra.copy == nil, unsafe process.scheduler.pointee.refuses(1 << 16) {
      process.heap.markExhausted()
      _ = process.panic("out of memory")
      return false
    }
    let box = extra.copy ?? LargeCopyBox(LargeCopy(message, of: process.heap, limit: limit))
    extra.copy = box
    switch goOn(process, box) {
    case .paused:
      // So that `send` comes by way of `sendCarefully`, which looks at no header of the graph.
      process.heap.prepareForRegion()
      _ = process.ask(.again)
      return false
    case .tooLarge:
      extra.copy = nil
      return sendPromoted(process, target, to, message)
    case .done:
      unsafe deliver(finish(process, box, .message, to: to), to: target, on: process.scheduler)
      return true
    }
  }

  /// A step of a copy, as long as the slice may last.
  static func goOn(_ process: Process, _ box: LargeCopyBox) -> LargeCopy.Progress {
    let before = box.copy.work
    let left = unsafe max(process.block.pointee.reductions, 16)
    let progress = box.copy.step(budget: left * wordsPerReduction)
    process.charge((box.copy.work - before) / wordsPerReduction)
    return progress
  }

  /// The cell with a finished copy.
  static func finish(_ process: Process, _ box: LargeCopyBox, _ kind: Signal, to: Word) -> MessageCell {
    process.extra.copy = nil
    let cell = MessageCell.make(kind: kind.rawValue, payload: 0, to: to, pool: process.pool)
    cell.value = box.copy.value
    cell.link = box.copy.takeChunks()
    return cell
  }

  private static func sendPromoted(
    _ process: Process, _ target: Process, _ to: Word, _ message: Word
  ) -> Bool {
    guard let shared = Sharing.promoted(process, message) else { return false }
    return sendCarefully(process, target, to, shared)
  }

  /// A cell with a value of any size, copied in one go: for the VM's own signals, whose values are small or were copied in
  /// steps before (`SteppedSending`).
  static func makeCell(_ value: Word, _ kind: Signal, to: Word, pool: Pool) -> MessageCell {
    if let cell = MessageCopy.makeAnyCell(value, kind: kind.rawValue, to: to, pool: pool) { return cell }
    var copy = LargeCopy(value)
    while copy.step(budget: Int.max) != .done {}
    let cell = MessageCell.make(kind: kind.rawValue, payload: 0, to: to, pool: pool)
    cell.value = copy.value
    cell.link = copy.takeChunks()
    return cell
  }

  /// Sends a signal of the VM with a value that was made for it.
  static func signal(
    _ kind: Signal, _ value: Word, to: Word, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> Bool {
    unsafe post(makeCell(value, kind, to: to, pool: scheduler.pointee.pool), to: to, on: scheduler)
  }

  /// Sends a finished cell of the VM; false: nobody is there, and it is given back.
  static func post(
    _ cell: MessageCell, to: Word, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> Bool {
    guard let target = unsafe scheduler.pointee.shared.pointee.table.find(to) else {
      unsafe cell.free(pool: scheduler.pointee.pool)
      return false
    }
    let push = unsafe target.block.pointee.inbox.push(
      UnsafeMutableRawPointer(bitPattern: cell.address).unsafelyUnwrapped)
    switch push {
    case .queued: return true
    case .wake:
      unsafe Scheduler.wake(target, on: scheduler)
      return true
    case .closed:
      unsafe cell.free(pool: scheduler.pointee.pool)
      return false
    }
  }
}
