import Bytecode
import Lanes
import Memory
import Words

/// Natives about processes (language.md part 2).
enum ProcessNatives {
  static func finish(_ call: NativeCall) -> Word {
    Sending.leave(call.process, .finish, call[0])
  }

  static func panic(_ call: NativeCall) -> Word {
    guard call[0].isObject(.string) else { return call.panic(Show.text(call[0])) }
    guard let message = Sharing.left(call.process, call[0]) else { return .request }
    return call.process.panic(saying: message)
  }

  static func selfPid(_ call: NativeCall) -> Word { call.process.pid }

  static func spawn(_ call: NativeCall) -> Word { spawn(call, limit: Heap.defaultLimit, .normal) }

  private static let priorities = Priority.allCases.map { Keywords.intern("\($0)") }

  /// (f, words or nil, priority or nil): a process whose heap, stack included, may have so many words.
  static func spawnWith(_ call: NativeCall) -> Word {
    var limit = Heap.defaultLimit
    if call[1] != .nil {
      guard call[1].isNumber, call[1].number >= 1 else {
        return call.panic("spawn!: :max_heap is a number of words")
      }
      limit = Int(min(call[1].number, Double(UInt32.max)))
    }
    guard call[2] != .nil else { return spawn(call, limit: limit, .normal) }
    guard let level = priorities.firstIndex(of: call[2]) else {
      return call.panic("spawn!: :priority is :low, :normal, :high or :max, not \(Show.text(call[2]))")
    }
    return spawn(call, limit: limit, Priority.allCases[level])
  }

  private static func spawn(_ call: NativeCall, limit: Int, _ priority: Priority) -> Word {
    call.charge(10)
    let process = call.process
    if unsafe process.scheduler.pointee.refuses(4096) { return call.panic("out of memory") }
    guard let cell = functionCell(process, call[0]) else { return .request }
    if priority != .normal { unsafe process.scheduler.pointee.shared.pointee.needPriorities() }
    let pid = unsafe Spawning.spawn(
      cell, parent: process.pid, limit: limit, priority: priority, on: process.scheduler)
    return pid
      ?? call.panic(
        MemoryAccount.allows(1 << 20)
          ? "spawn!: there are as many processes as there may be" : "out of memory")
  }

  /// A cell with a function to spawn; nil: as for `Sending.cell`.
  @inline(__always) static func functionCell(_ process: Process, _ function: Word) -> MessageCell? {
    // Mostly it is small, and nothing is promoted or half copied.
    let isPlain = unsafe process.block.pointee.heap.more == nil && process.block.pointee.extra == nil
    if isPlain, !function.isRegionPointer,
      let cell = MessageCopy.makeCell(
        function, kind: Signal.message.rawValue, to: .nil, pool: process.pool)
    {
      process.charge(cell.payloadWords)
      return cell
    }
    return anyFunctionCell(process, function)
  }

  @inline(never) private static func anyFunctionCell(_ process: Process, _ function: Word) -> MessageCell? {
    Sending.cell(process, .message, to: .nil) { Sharing.settled(process, function) }
  }

  static func send(_ call: NativeCall) -> Word {
    guard call[0].isImmediate(.pid) else {
      return call.panic("send needs a pid, but got \(Show.text(call[0]))")
    }
    return Sending.send(call.process, to: call[0], call[1]) ? call[1] : .request
  }

  static func token(_ call: NativeCall) -> Word { Tokens.make() }

  static func isAlive(_ call: NativeCall) -> Word {
    guard call[0].isImmediate(.pid) else { return .false }
    return unsafe Word(call.process.scheduler.pointee.shared.pointee.table.isAlive(call[0]))
  }

  static func yieldSlice(_ call: NativeCall) -> Word { call.process.ask(.yield) }

  static func exitSelf(_ call: NativeCall) -> Word {
    Sending.leave(call.process, .exit, call[0])
  }

  static func exitOther(_ call: NativeCall) -> Word {
    guard call[0].isImmediate(.pid) else {
      return call.panic("exit! needs a pid, but got \(Show.text(call[0]))")
    }
    let process = call.process
    guard let reason = Sharing.left(process, call[1]) else { return .request }
    _ = unsafe Sending.signal(.exit, reason, to: call[0], on: process.scheduler)
    return Keywords.ok
  }

  /// How many messages wait in the mailbox: what has come so far.
  static func queued(_ call: NativeCall) -> Word {
    guard call.process.drainInbox() else { return .request }
    return unsafe Word(Int(call.process.block.pointee.messageCount))
  }

  /// Messages that one call of `flush` takes at most: some 10 µs, or 50 where another core wrote them.
  static var flushedAtOnce: Int { 256 }

  /// (list, n): the list with the oldest n messages of the mailbox behind its members, of many only the first.
  static func flush(_ call: NativeCall) -> Word {
    let process = call.process
    guard Lists.isList(call[0]), let wanted = call[1].integer, wanted > 0 else {
      return call.panic("flush needs a list and how many messages it takes")
    }
    var messages = ListBuilder(call.heap, extending: call[0])
    process.lookFromStart()
    unsafe process.block.pointee.cursor = .free
    for _ in 0..<min(wanted, flushedAtOnce) {
      if process.nextUnseen == 0 { break }
      let cell = MessageCell(address: process.nextUnseen)
      process.see(cell)
      process.adopt(cell)
      if cell.kind == Signal.message.rawValue { messages.append(cell.value) }
      process.removeSeen()
      call.charge(4)
    }
    return messages.finish()
  }

  // MARK: Waiting for answers

  /// Makes the next `receive` start behind what is in the mailbox now: a fresh token cannot be in there.
  private static func mark(_ process: Process, awaiting token: Word) -> Bool {
    guard process.drainInbox() else { return false }
    process.lookFromEnd()
    unsafe process.block.pointee.cursor = .marked
    unsafe process.block.pointee.awaitedToken = token
    return true
  }

  /// Asks to be told of the end of a process: (token, outcome) will come, at once if it has ended.
  private static func watch(_ process: Process, _ pid: Word, _ token: Word) {
    let request = Tuples.make(process.heap, process.pid, token)
    if unsafe Sending.signal(.awaitRequest, request, to: pid, on: process.scheduler) { return }
    let scheduler = unsafe process.scheduler
    guard let reply = unsafe reply(token, of: pid, to: process.pid, on: scheduler) else {
      return unsafe Ending.answer(token, unknownTo: process.pid, on: scheduler)
    }
    _ = unsafe Sending.post(reply, to: process.pid, on: scheduler)
  }

  /// A cell with (token, outcome) of an ended process; nil: it is forgotten.
  private static func reply(
    _ token: Word, of pid: Word, to asking: Word, on scheduler: UnsafeMutablePointer<SchedulerBlock>
  ) -> MessageCell? {
    guard let ended = unsafe scheduler.pointee.shared.pointee.table.find(pid) else { return nil }
    return unsafe Ending.reply(token, of: ended, with: pid, to: asking, on: scheduler)
  }

  static func awaitBegin(_ call: NativeCall) -> Word {
    let token = Tokens.make()
    guard mark(call.process, awaiting: token) else { return .request }
    watch(call.process, call[0], token)
    return token
  }

  /// Gives up waiting: late answers are dropped, and the other one is told that nobody waits.
  static func awaitCancel(_ call: NativeCall) -> Word {
    unsafe call.process.block.pointee.cursor = .free
    return callEnd(call)
  }

  static func callBegin(_ call: NativeCall) -> Word {
    let process = call.process
    let cell = Sending.cell(process, .message, to: call[0]) {
      guard let content = Sharing.settled(process, call[1]) else { return nil }
      let token = Tokens.makeForCall(by: process)
      guard mark(process, awaiting: token) else { return nil }
      watch(process, call[0], token)
      let from = Tuples.make(call.heap, process.pid, token)
      let request = call.heap.allocate(.tuple, size: 3)
      request[0] = Keywords.call
      request[1] = from
      request[2] = content
      return request.word
    }
    guard let cell else { return .request }
    _ = unsafe Sending.post(cell, to: call[0], on: process.scheduler)
    return unsafe process.block.pointee.awaitedToken
  }

  static func callEnd(_ call: NativeCall) -> Word {
    unsafe call.process.block.pointee.awaitedToken = .nil
    _ = unsafe Sending.signal(.awaitCancel, call[1], to: call[0], on: call.process.scheduler)
    return .nil
  }

  private static func isAddress(_ word: Word) -> Bool {
    word.isObject(.tuple) && HeapObject(word).size == 2 && HeapObject(word)[0].isImmediate(.pid)
  }

  static func reply(_ call: NativeCall) -> Word {
    guard Sharing.isCopying(call.process) || isAddress(call[0]) else {
      return call.panic("reply needs the pair (pid, token) of a call, but got \(Show.text(call[0]))")
    }
    let from = HeapObject(call[0])
    let cell = Sending.cell(call.process, .message, to: from[0]) {
      guard let content = Sharing.settled(call.process, call[1]) else { return nil }
      let message = call.heap.allocate(.tuple, size: 3)
      message[0] = Keywords.reply
      message[1] = from[1]
      message[2] = content
      return message.word
    }
    guard let cell else { return .request }
    _ = unsafe Sending.post(cell, to: from[0], on: call.process.scheduler)
    return call[1]
  }

  // MARK: Sharing

  static func share(_ call: NativeCall) -> Word { Sharing.share(call.process, call[0]) }

  /// Whether a value is an object outside of all private heaps: promoted, or part of the program.
  static func isShared(_ call: NativeCall) -> Word { Word(call[0].isSharedPointer) }

  /// (private, shared, code, total), in bytes.
  static func memory(_ call: NativeCall) -> Word {
    let use = MemoryUse.now()
    let figures = [use.own, use.shared, use.code, use.total]
    return Tuples.make(call.heap, count: figures.count) { Word(figures[$0]) }
  }

  // MARK: apply

  /// Calls a value with the members of a list or tuple, in place of the call of the native itself if that is in tail
  /// position.
  static func apply(_ call: NativeCall) -> Word {
    Applying.apply(call.process, call[0], call[1])
  }
}
