import Bytecode
import Memory
import Words

/// What machine code calls to let the interpreter do an instruction: it saves its registers, passes the process's block, and
/// goes on as the saved registers then say. Every instruction has a door, and its translation is at liberty to use it for all
/// of the work or for the rare part.
typealias Door = @convention(c) (UInt) -> UInt

enum Doors {
  /// The numbers that machine code knows steps by.
  static let goesOn = number(.next)
  static func number(_ step: Step) -> UInt { unsafe UInt(unsafeBitCast(step, to: UInt8.self)) }

  /// The address of the door for an instruction.
  static func address(_ instruction: Instruction, _ opcode: Opcode) -> UInt {
    unsafe unsafeBitCast(special(instruction, opcode) ?? door(opcode), to: UInt.self)
  }

  @inline(__always) private static func through(
    _ block: UInt, _ body: (inout Machine, Operands) -> Step
  ) -> UInt {
    let process = Process(queued: block)
    var machine = Machine(resuming: process)
    let step = body(&machine, machine.here)
    machine.save()
    return number(step)
  }

  /// Instructions of which the loader has made a `MachineCode` that `Uncommon` does not know.
  private static func special(_ instruction: Instruction, _ opcode: Opcode) -> Door? {
    switch opcode {
    case .makeTuple where instruction.c == 2: { Doors.through($0) { $0.makePair($1) } }
    case .makeTuple where instruction.c == 3: { Doors.through($0) { $0.makeTriple($1) } }
    case .openTuple where instruction.x == 2: { Doors.through($0) { $0.openPair($1) } }
    case .openTuple where instruction.x == 3: { Doors.through($0) { $0.openTriple($1) } }
    case .jumpUnlessListFrom where instruction.x == 1:
      { Doors.through($0) { $0.jump($1, if: !$0.get($1.a).isObject(.list)) } }
    default: nil
    }
  }

  private static func door(_ opcode: Opcode) -> Door {
    switch opcode {
    case .move, .loadConstant, .loadInteger, .loadCapture, .makeClosure, .selfPid, .extend, .jump, .loop:
      moving(opcode)
    case .call, .tailCall, .callDirect, .tailCallDirect, .computeOrCall, .callNative, .return: calling(opcode)
    case .jumpIfFalsy, .jumpIfTruthy, .jumpUnlessSame, .jumpUnlessZero, .jumpUnlessEqual, .jumpUnlessType,
      .jumpUnlessTuple, .jumpUnlessList, .jumpUnlessEqualTo, .jumpUnlessLess, .jumpUnlessLessOrEqual:
      jumping(opcode)
    case .tupleMember, .listMember, .listRest, .at, .count, .first, .rest, .append: member(opcode)
    case .add, .subtract, .multiply, .divide, .addInteger, .modulo, .quotient, .less, .lessOrEqual, .equal,
      .not:
      computing(opcode)
    case .send, .receiveStart, .receiveNext, .receiveTake, .receiveWait: messaging(opcode)
    default: { Doors.through($0) { machine, _ in machine.slowly(Uncommon.run) } }
    }
  }

  private static func moving(_ opcode: Opcode) -> Door {
    switch opcode {
    case .move: { Doors.through($0) { $0.move($1) } }
    case .loadConstant: { Doors.through($0) { $0.loadConstant($1) } }
    case .loadInteger: { Doors.through($0) { $0.loadInteger($1) } }
    case .loadCapture: { Doors.through($0) { $0.loadCapture($1) } }
    case .makeClosure: { Doors.through($0) { $0.makeClosure($1) } }
    case .selfPid: { Doors.through($0) { $0.selfPid($1) } }
    case .jump: { Doors.through($0) { $0.jump($1.wide) } }
    case .loop: { Doors.through($0) { $0.loop($1) } }
    default: { Doors.through($0) { _, _ in .request } }
    }
  }

  private static func calling(_ opcode: Opcode) -> Door {
    switch opcode {
    case .call: { Doors.through($0) { $0.call($1) } }
    case .tailCall: { Doors.through($0) { $0.tailCall($1) } }
    case .callDirect: { Doors.through($0) { $0.callDirect($1) } }
    case .tailCallDirect: { Doors.through($0) { $0.tailCallDirect($1) } }
    case .computeOrCall: { Doors.through($0) { $0.computeOrCall($1) } }
    case .callNative: { Doors.through($0) { $0.callNative($1) } }
    default: { Doors.through($0) { $0.returnValue($1) } }
    }
  }

  private static func jumping(_ opcode: Opcode) -> Door {
    switch opcode {
    case .jumpIfFalsy: { Doors.through($0) { $0.jump($1, if: $0.get($1.a).isFalsy) } }
    case .jumpIfTruthy: { Doors.through($0) { $0.jump($1, if: $0.get($1.a).isTruthy) } }
    case .jumpUnlessSame: { Doors.through($0) { $0.jumpUnlessSame($1) } }
    case .jumpUnlessZero: { Doors.through($0) { $0.jumpUnlessZero($1) } }
    case .jumpUnlessEqual: { Doors.through($0) { $0.jumpUnlessEqual($1) } }
    case .jumpUnlessType: { Doors.through($0) { $0.jumpUnlessType($1) } }
    case .jumpUnlessTuple: { Doors.through($0) { $0.jump($1, if: $0.tupleCount($1) != $1.x) } }
    case .jumpUnlessList: { Doors.through($0) { $0.jump($1, if: $0.listCount($1) != $1.x) } }
    case .jumpUnlessEqualTo: { Doors.through($0) { $0.jumpUnlessEqualTo($1) } }
    case .jumpUnlessLess: { Doors.through($0) { $0.jumpUnlessLess($1) } }
    default: { Doors.through($0) { $0.jumpUnlessLessOrEqual($1) } }
    }
  }

  private static func member(_ opcode: Opcode) -> Door {
    switch opcode {
    case .tupleMember: { Doors.through($0) { $0.tupleMember($1) } }
    case .listMember: { Doors.through($0) { $0.listMember($1) } }
    case .listRest: { Doors.through($0) { $0.listRest($1) } }
    case .at: { Doors.through($0) { $0.at($1) } }
    case .count: { Doors.through($0) { $0.count($1) } }
    case .first: { Doors.through($0) { $0.first($1) } }
    case .rest: { Doors.through($0) { $0.rest($1) } }
    default: { Doors.through($0) { machine, _ in machine.slowly(SlowPaths.append) } }
    }
  }

  private static func computing(_ opcode: Opcode) -> Door {
    switch opcode {
    case .add: { Doors.through($0) { $0.add($1) } }
    case .subtract: { Doors.through($0) { $0.subtract($1) } }
    case .multiply: { Doors.through($0) { $0.multiply($1) } }
    case .divide: { Doors.through($0) { $0.divide($1) } }
    case .addInteger: { Doors.through($0) { $0.addInteger($1) } }
    case .modulo: { Doors.through($0) { machine, _ in machine.slowly(SlowPaths.modulo) } }
    case .quotient: { Doors.through($0) { machine, _ in machine.slowly(SlowPaths.quotient) } }
    case .less: { Doors.through($0) { $0.less($1) } }
    case .lessOrEqual: { Doors.through($0) { $0.lessOrEqual($1) } }
    case .equal: { Doors.through($0) { $0.equal($1) } }
    default: { Doors.through($0) { $0.not($1) } }
    }
  }

  private static func messaging(_ opcode: Opcode) -> Door {
    switch opcode {
    case .send: { Doors.through($0) { $0.send($1) } }
    case .receiveStart: { Doors.through($0) { $0.receiveStart($1) } }
    case .receiveNext: { Doors.through($0) { $0.receiveNext($1) } }
    case .receiveTake: { Doors.through($0) { $0.receiveTake($1) } }
    default: { Doors.through($0) { $0.receiveWait($1) } }
    }
  }
}
