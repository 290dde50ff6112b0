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
      unsafe deliver(cell, from: process, to: target, on: scheduler)
      return true
    }
    if unsafe message.isRegionPointer || process.block.pointee.heap.more != nil {
      return sendCarefully(process, target, to, message)
    }
    guard let cell = unsafe MessageCopy.makeCell(message, kind: kind, to: to, pool: scheduler.pointee.pool)
    else {
      return sendLarge(process, target, to, message)
    }
    process.charge(cell.payloadWords)
    unsafe deliver(cell, from: process, to: target, on: scheduler)
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
    process.charge(cell.payloadWords)
    unsafe deliver(cell, from: process, to: target, on: process.scheduler)
    return true
  }

  /// Hands a finished cell over. Whoever adds to what lies there pays for it; who wakes its receiver pays with a turn.
  @inline(__always) private static func deliver(
    _ cell: MessageCell, from process: Process, to target: Process,
    on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) {
    unsafe scheduler.pointee.sent.add(1)
    switch unsafe target.block.pointee.inbox.push(
      UnsafeMutableRawPointer(bitPattern: cell.address).unsafelyUnwrapped)
    {
    case .queued:
      process.charge(1)
      // relaxed: a hint.
      if unsafe Pressure.isHigh(target.block.pointee.status.load(ordering: .relaxed)) {
        Pressure.pay(process, to: target)
      }
    case .wake: unsafe Scheduler.wake(target, on: scheduler)
    case .closed: unsafe cell.free(pool: scheduler.pointee.pool)
    }
  }

  // What is copied into a cell costs a reduction a word: of 10 to 15 ns, where the cell lies in no cache, since each word is
  // measured, copied, and its place written for the first time. Where it does, it is 2 to 4.

  /// Words of a copy into chunks that a reduction pays for: 3 to 7 ns each.
  static let wordsPerReduction = 8
  /// Reductions of such a copy, however small: 0.2 to 0.4 µs for the chunk and for whoever keeps account of it.
  static let chunkReductions = 24

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
    let box = extra.copy ?? begin(process, LargeCopy(message, of: process.heap, limit: limit))
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
      let cell = finish(process, box, .message, to: to)
      unsafe deliver(cell, from: process, to: target, on: process.scheduler)
      return true
    }
  }

  /// Begins a copy that goes on over several slices; the root's words are copied already.
  static func begin(_ process: Process, _ copy: consuming LargeCopy) -> LargeCopyBox {
    process.charge(chunkReductions + copy.work / wordsPerReduction)
    let box = LargeCopyBox(copy)
    process.extra.copy = box
    return box
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
