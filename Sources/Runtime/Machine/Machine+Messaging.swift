import Bytecode
import Memory
import Words

extension Machine {
  @inline(__always) mutating func selfPid(_ i: Instruction) -> Step {
    set(i.a, process.pid)
    return advance()
  }

  /// A pair: what is no pid goes to the Prelude's `send`.
  @inline(__always) mutating func send(_ i: Instruction) -> Step {
    let to = get(i.b)
    let message = get(i.c)
    guard to.isImmediate(.pid) else { return callSlowly(.send, to, message) }
    save()
    let isDone = Sending.send(process, to: to, message)
    reductions = unsafe process.block.pointee.reductions
    if !isDone {
      // A large message is half copied: the same instruction goes on with it in the next slice.
      unsafe process.block.pointee.liveRegisters = Instruction(bits: second).b
      return stop(.request)
    }
    set(i.a, message)
    return advance(2)
  }

  @inline(__always) mutating func receiveNext(_ i: Instruction) -> Step {
    save()
    let message = Receiving.next(process)
    if message == .request { return stop(.request) }
    if message == .absent { return jump(i.wide) }
    set(i.a, message)
    return advance()
  }

  @inline(__always) mutating func receiveTake(_ i: Instruction) -> Step {
    Receiving.take(process)
    return advance()
  }
}
