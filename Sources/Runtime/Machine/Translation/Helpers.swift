import Bytecode
import Memory
import Words

/// Functions of Swift that machine code calls in the middle of an instruction: cheaper than a door, since little is saved and
/// nothing is looked up again. Where they answer 0, which is no value (W2), the interpreter does the instruction.
enum Helpers {
  typealias One = @convention(c) (UInt64) -> UInt64
  typealias Two = @convention(c) (UInt64, UInt64) -> UInt64
  typealias Three = @convention(c) (UInt64, UInt64, UInt64) -> UInt64
  typealias Four = @convention(c) (UInt64, UInt64, UInt64, UInt64) -> UInt64

  // MARK: Messages

  static let isSent: UInt64 = 0
  /// The process has asked to go on in its next slice.
  static let hasAsked: UInt64 = 1
  /// The receiver is no pid.
  static let isOther: UInt64 = 2

  /// Block, receiver, message; the registers have been saved.
  static let send = address { block, to, message in
    let process = Process(queued: UInt(block))
    guard Word(bits: to).isImmediate(.pid) else { return Helpers.isOther }
    if Sending.send(process, to: Word(bits: to), Word(bits: message)) { return Helpers.isSent }
    unsafe process.block.pointee.liveRegisters =
      unsafe Instruction(bits: process.block.pointee.pc.unsafelyUnwrapped[1]).b
    return Helpers.hasAsked
  }

  /// Block.
  static let receiveTake = address { block in
    let process = Process(queued: UInt(block))
    if !Receiving.takeFirst(process) { Receiving.take(process) }
    return 0
  }

  // MARK: Natives

  /// Block, the native's number, the address of its arguments, how many; the registers have been saved.
  static let native = address { block, number, arguments, count in
    // SAFETY: machine code passes the registers of the running frame.
    let place = unsafe UnsafeMutablePointer<UInt64>(bitPattern: UInt(arguments)).unsafelyUnwrapped
    return unsafe SlowPaths.runNative(Process(queued: UInt(block)), Int(number), place, Int(count)).bits
  }

  /// A door: a native has answered `request`.
  static let nativeRequest = unsafe unsafeBitCast(requested, to: UInt.self)
  private static let requested: Door = { block in
    let process = Process(queued: block)
    let i = unsafe Instruction(bits: process.block.pointee.pc.unsafelyUnwrapped.pointee)
    return Doors.number(SlowPaths.nativeRequest(process, i))
  }

  // MARK: Values

  /// The number of the computation, the address of its arguments.
  static let compute = address { number, arguments in
    // SAFETY: machine code passes the registers of the running frame.
    let place = unsafe UnsafePointer<UInt64>(bitPattern: UInt(arguments)).unsafelyUnwrapped
    let result = unsafe SlowPaths.compute(Int(number), place)
    return result == .request ? 0 : result.bits
  }

  static let type = address { word in UInt64(SlowPaths.type(Word(bits: word))) }

  /// Block, list, how many members it is to lose.
  static let listRest = address { block, word, count in
    let x = Word(bits: word)
    guard Lists.isList(x) else { return 0 }
    return Lists.drop(Process(queued: UInt(block)).heap, x, Int(count)).bits
  }

  /// Block, list, member.
  static let append = address { block, word, x in
    let list = Word(bits: word)
    guard Lists.isList(list) else { return 0 }
    return Lists.append(Process(queued: UInt(block)).heap, list, Word(bits: x)).bits
  }

  // MARK: Addresses

  private static func address(_ function: @escaping One) -> UInt {
    unsafe unsafeBitCast(function, to: UInt.self)
  }
  private static func address(_ function: @escaping Two) -> UInt {
    unsafe unsafeBitCast(function, to: UInt.self)
  }
  private static func address(_ function: @escaping Three) -> UInt {
    unsafe unsafeBitCast(function, to: UInt.self)
  }
  private static func address(_ function: @escaping Four) -> UInt {
    unsafe unsafeBitCast(function, to: UInt.self)
  }
}
