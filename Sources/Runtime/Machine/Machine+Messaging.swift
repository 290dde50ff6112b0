import Bytecode
import Memory
import Words

extension Machine {
  @inline(__always) mutating func selfPid(_ i: Operands) -> Step {
    set(i.a, process.pid)
    return advance()
  }

  /// A pair: what is no pid goes to the Prelude's `send`.
  @inline(__always) mutating func send(_ i: Operands) -> Step {
    let to = get(i.b)
    let message = get(i.c)
    guard to.isImmediate(.pid) else { return callSlowly(.send, to, message) }
    save()
    let isDone = Sending.send(process, to: to, message)
    reductions = unsafe process.block.pointee.reductions
    if !isDone {
      // A large message is half copied: the same instruction goes on with it in the next slice.
      unsafe process.block.pointee.liveRegisters = Instruction(bits: second).b
      return .request
    }
    set(i.a, message)
    return advance(2)
  }

  /// The common case is a `receive` without a limit that looks at all messages.
  @inline(__always) mutating func receiveStart(_ i: Operands) -> Step {
    if unsafe i.x != 0 || process.block.pointee.cursor != .free { return slowly(Uncommon.run) }
    process.lookFromStart()
    unsafe process.block.pointee.deadline = 0
    return advance()
  }

  /// The common cases are no message, and a plain one whose value is no object of its sender.
  @inline(__always) mutating func receiveNext(_ i: Operands) -> Step {
    let address = process.nextUnseen
    if address == 0 {
      if unsafe process.block.pointee.inbox.isEmpty { return jump(i.wide) }
    } else {
      let cell = MessageCell(address: address)
      if cell.isPlainMessage {
        process.see(cell)
        set(i.a, cell.value)
        return advance()
      }
    }
    save()
    let message = Receiving.next(process)
    // Taking in an inbox is charged.
    reductions = unsafe process.block.pointee.reductions
    if message == .request { return .request }
    if message == .absent { return jump(i.wide) }
    set(i.a, message)
    return advance()
  }

  @inline(__always) mutating func receiveTake(_ i: Operands) -> Step {
    if !Receiving.takeFirst(process) { Receiving.take(process) }
    return advance()
  }

  /// The common cases are something new, and nothing new with no limit.
  @inline(__always) mutating func receiveWait(_ i: Operands) -> Step {
    if process.nextUnseen != 0 || (unsafe !process.block.pointee.inbox.isEmpty) { return jump(i.wide) }
    if unsafe process.block.pointee.deadline != 0 { return slowly(Uncommon.run) }
    unsafe process.block.pointee.liveRegisters = i.a
    // Whatever wakes it, it looks first; without a message it comes back here.
    unsafe pc += i.wide
    return .waiting
  }
}
