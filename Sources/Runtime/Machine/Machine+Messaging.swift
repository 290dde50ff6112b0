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

  @inline(__always) mutating func receiveStart(_ i: Instruction) -> Step {
    save()
    guard Receiving.start(process, limit: i.x == 1 ? get(i.a) : .absent) else { return stop(.request) }
    return advance()
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

  @inline(__always) mutating func receiveWait(_ i: Instruction) -> Step {
    save()
    switch Receiving.wait(process) {
    case .look: return jump(i.wide)
    case .timeIsUp: return advance()
    case .sleep:
      unsafe process.block.pointee.liveRegisters = i.a
      return stop(.waiting)
    }
  }

  // MARK: Panics

  @inline(__always) mutating func panicNoMatch(_ i: Instruction) -> Step {
    save()
    SlowPaths.panicNoMatch(process, get(i.a))
    return stop(.request)
  }

  @inline(__always) mutating func panicNoClause(_ i: Instruction) -> Step {
    save()
    SlowPaths.panicNoClause(process, first: i.x == 1 ? i.b : 0, count: i.a, isLoop: i.x == 1)
    return stop(.request)
  }

  @inline(__always) mutating func panicNoWhen(_ i: Instruction) -> Step {
    save()
    SlowPaths.panic(process, "no clause of when is true")
    return stop(.request)
  }

  @inline(__always) mutating func checkCount(_ i: Instruction) -> Step {
    if let n = get(i.a).integer, n >= 0 { return advance() }
    save()
    SlowPaths.panicCount(process, get(i.a))
    return stop(.request)
  }
}
