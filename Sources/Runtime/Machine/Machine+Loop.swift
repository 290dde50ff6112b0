import Bytecode
import Memory
import Words

extension Machine {
  /// Runs a process from where it stopped until it must stop again.
  ///
  /// `machine` is a local that is never passed to a real call, so that `pc`, `frame` and `reductions` stay in CPU
  /// registers (Stress/Dispatch disassembles this loop and checks it).
  static func run(_ process: Process) -> Step {
    var machine = Machine(resuming: process)
    var step = Step.next
    while step == .next {
      let i = machine.here
      // SAFETY: the verifier has passed all loaded code: the byte is an opcode, or the loader has made it.
      switch unsafe unsafeBitCast(i.code, to: MachineCode.self) {
      case .move: step = machine.move(i)
      case .loadConstant: step = machine.loadConstant(i)
      case .loadInteger: step = machine.loadInteger(i)
      case .loadCapture: step = machine.loadCapture(i)
      case .makeClosure: step = machine.makeClosure(i)

      case .call: step = machine.call(i)
      case .tailCall: step = machine.tailCall(i)
      case .callDirect: step = machine.callDirect(i)
      case .tailCallDirect: step = machine.tailCallDirect(i)
      case .computeOrCall: step = machine.computeOrCall(i)
      case .callNative: step = machine.callNative(i)
      case .return: step = machine.returnValue(i)

      case .jump: step = machine.jump(i.wide)
      case .loop: step = machine.loop(i)
      case .jumpIfFalsy: step = machine.jump(i, if: machine.get(i.a).isFalsy)
      case .jumpIfTruthy: step = machine.jump(i, if: machine.get(i.a).isTruthy)
      case .jumpUnlessSame: step = machine.jumpUnlessSame(i)
      case .jumpUnlessZero: step = machine.jumpUnlessZero(i)
      case .jumpUnlessEqual: step = machine.jumpUnlessEqual(i)
      case .jumpUnlessType: step = machine.jumpUnlessType(i)
      case .jumpUnlessTuple: step = machine.jump(i, if: machine.tupleCount(i) != i.x)
      case .jumpUnlessList: step = machine.jump(i, if: machine.listCount(i) != i.x)
      case .jumpUnlessEqualTo: step = machine.jumpUnlessEqualTo(i)
      case .jumpUnlessLess: step = machine.jumpUnlessLess(i)
      case .jumpUnlessLessOrEqual: step = machine.jumpUnlessLessOrEqual(i)

      case .tupleMember: step = machine.tupleMember(i)
      case .listMember: step = machine.listMember(i)
      case .listRest: step = machine.listRest(i)

      case .add: step = machine.add(i)
      case .subtract: step = machine.subtract(i)
      case .multiply: step = machine.multiply(i)
      case .divide: step = machine.divide(i)
      case .addInteger: step = machine.addInteger(i)
      case .modulo: step = machine.slowly(SlowPaths.modulo)
      case .quotient: step = machine.slowly(SlowPaths.quotient)
      case .less: step = machine.less(i)
      case .lessOrEqual: step = machine.lessOrEqual(i)
      case .equal: step = machine.equal(i)
      case .not: step = machine.not(i)
      case .at: step = machine.at(i)
      case .count: step = machine.count(i)
      case .first: step = machine.first(i)
      case .rest: step = machine.rest(i)
      case .append: step = machine.slowly(SlowPaths.append)

      case .selfPid: step = machine.selfPid(i)
      case .send: step = machine.send(i)
      case .receiveStart: step = machine.receiveStart(i)
      case .receiveNext: step = machine.receiveNext(i)
      case .receiveTake: step = machine.receiveTake(i)
      case .receiveWait: step = machine.receiveWait(i)

      case .loadGlobal, .storeGlobal, .makeEnvironment, .loadEnvironment, .storeEnvironment, .makePartial,
        .jumpUnlessTupleFrom, .jumpUnlessListFrom, .openTuple, .tupleRest, .dictFind, .structFind, .dictRest,
        .loadKey, .makeTuple, .makeList, .makeSet, .makeDict, .makeStruct, .makeNamespace, .interpolate,
        .panicNoMatch, .panicNoClause, .panicNoWhen, .checkCount, .receiveHold, .receiveResume:
        step = machine.slowly(Uncommon.run)
      case .makePair: step = machine.makePair(i)
      case .openPair: step = machine.openPair(i)
      case .openTriple: step = machine.openTriple(i)
      case .jumpUnlessEmptyList: step = machine.jump(i, if: machine.get(i.a) != .emptyList)
      case .jumpUnlessFullList: step = machine.jump(i, if: !machine.get(i.a).isObject(.list))
      case .makeTriple: step = machine.makeTriple(i)
      case .moveAndMove: step = machine.moveAndMove(i)
      case .moveAndCall: step = machine.moveAndCall(i)
      case .moveAndLoop: step = machine.moveAndLoop(i)
      case .loadIntegerAndReturn: step = machine.loadIntegerAndReturn(i)
      case .loadConstantAndReturn: step = machine.loadConstantAndReturn(i)
      case .addIntegerAndCall: step = machine.addIntegerAndCall(i)
      case .addIntegerAndLoop: step = machine.addIntegerAndLoop(i)
      case .addAndReturn: step = machine.addAndReturn(i)
      case .addAndLoop: step = machine.addAndLoop(i)
      case .sumAndReturn: step = machine.sumAndReturn(i)
      case .openPairAndJump: step = machine.openPairAndJump(i)
      case .openTripleAndJump: step = machine.openTripleAndJump(i)
      case .makePairAndReturn: step = machine.makePairAndReturn(i)

      case .extend: step = .request
      }
    }
    machine.save()
    return step
  }
}

// MARK: Moving values and jumping

extension Machine {
  @inline(__always) mutating func move(_ i: Operands) -> Step {
    set(i.a, get(i.b))
    return advance()
  }

  @inline(__always) mutating func loadConstant(_ i: Operands) -> Step {
    set(i.a, Word(bits: second))
    return advance(2)
  }

  @inline(__always) mutating func loadInteger(_ i: Operands) -> Step {
    set(i.a, Word(i.wide))
    return advance()
  }

  @inline(__always) mutating func loadCapture(_ i: Operands) -> Step {
    set(i.a, HeapObject(get(i.b))[1 &+ i.c])
    return advance()
  }

  @inline(__always) mutating func jump(_ i: Operands, if condition: Bool) -> Step {
    jump(condition ? i.wide : 1)
  }

  @inline(__always) mutating func jumpUnlessSame(_ i: Operands) -> Step {
    jump(get(i.a).bits == second ? 2 : i.wide)
  }

  @inline(__always) mutating func jumpUnlessZero(_ i: Operands) -> Step {
    let x = get(i.a)
    return jump(x == Word(0.0) || x == Word(-0.0) ? 1 : i.wide)
  }

  /// Charges a reduction for the turn; a safepoint.
  @inline(__always) mutating func loop(_ i: Operands) -> Step {
    unsafe pc += i.wide
    reductions &-= 1
    if reductions < 0 || (unsafe process.block.pointee.heap.wantsCollection) {
      unsafe process.block.pointee.liveRegisters = i.a
      return .loop
    }
    return .next
  }
}

// MARK: Comparing

extension Machine {
  @inline(__always) mutating func jumpUnlessEqual(_ i: Operands) -> Step {
    let comparison = compare(get(i.a), Word(bits: second))
    return comparison.isStuck ? .request : jump(comparison.isEqual ? 2 : i.wide)
  }

  @inline(__always) mutating func jumpUnlessEqualTo(_ i: Operands) -> Step {
    let comparison = compare(get(i.a), get(i.b))
    return comparison.isStuck ? .request : jump(comparison.isEqual ? 1 : i.signedC)
  }

  @inline(__always) mutating func equal(_ i: Operands) -> Step {
    let comparison = compare(get(i.b), get(i.c))
    if comparison.isStuck { return .request }
    set(i.a, Word(comparison.isEqual))
    return advance()
  }

  /// Equality without its slow part where a look at the words decides. Stuck: the process has asked to execute the
  /// instruction again.
  @inline(__always) mutating func compare(_ x: Word, _ y: Word) -> SlowPaths.Comparison {
    if x.isNumber && y.isNumber {
      return SlowPaths.Comparison(isEqual: x.number == y.number, isStuck: false, work: 0)
    }
    if x.isPointer && y.isPointer {
      let comparison = SlowPaths.equal(process, x, y)
      reductions -= comparison.work
      return comparison
    }
    return SlowPaths.Comparison(isEqual: x == y, isStuck: false, work: 0)
  }

  @inline(__always) mutating func not(_ i: Operands) -> Step {
    set(i.a, Word(get(i.b).isFalsy))
    return advance()
  }

  @inline(__always) mutating func jumpUnlessType(_ i: Operands) -> Step {
    let x = get(i.a)
    let isOther =
      x.isNumber ? i.x != Int(TypeCode.number.rawValue) : SlowPaths.type(x) != i.x
    return jump(i, if: isOther)
  }

  /// The number of members of the tuple in register `a`; -1 if it is none.
  @inline(__always) func tupleCount(_ i: Operands) -> Int {
    let x = get(i.a)
    if x.isPointer {
      let header = HeapObject(x).header
      return header.has(.tuple) ? header.size : -1
    }
    return x == .emptyTuple ? 0 : -1
  }

  @inline(__always) func listCount(_ i: Operands) -> Int {
    let x = get(i.a)
    if x.isPointer {
      let object = HeapObject(x)
      return object.header.has(.list) ? Int(object.raw(0) >> 32) : -1
    }
    return x == .emptyList ? 0 : -1
  }
}
