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

  static let count = address { word in
    let x = Word(bits: word)
    if x.isObject(.list) { return Word(ListView(x).count).bits }
    return x.isObject(.tuple) ? Word(HeapObject(x).size).bits : 0
  }

  static let first = address { word in
    let x = Word(bits: word)
    if x.isObject(.list) { return Lists.at(x, 0).bits }
    return x.isObject(.tuple) ? HeapObject(x)[0].bits : 0
  }

  /// A list or tuple, and an index.
  static let at = address { word, index in
    let x = Word(bits: word)
    guard x.isPointer, let n = Word(bits: index).integer, n >= 0, n < 1 << 31 else { return 0 }
    if x.isObject(.list) { return (n < ListView(x).count ? Lists.at(x, n) : .nil).bits }
    if x.isObject(.tuple) { return (n < HeapObject(x).size ? HeapObject(x)[n] : .nil).bits }
    return 0
  }

  /// A list, and the index of a member as a plain number.
  static let listMember = address { word, index in
    let x = Word(bits: word)
    guard x.isObject(.list), index < UInt64(ListView(x).count) else { return 0 }
    return Lists.at(x, Int(index)).bits
  }

  /// Block, list, how many members it is to lose.
  static let listRest = address { block, word, count in
    let x = Word(bits: word)
    guard Lists.isList(x) else { return 0 }
    return Lists.drop(Process(queued: UInt(block)).heap, x, Int(count)).bits
  }

  static let modulo = address { x, y in
    SlowPaths.naturals(Word(bits: x), Word(bits: y)).map { Word($0 % $1).bits } ?? 0
  }

  static let quotient = address { x, y in
    SlowPaths.naturals(Word(bits: x), Word(bits: y)).map { Word($0 / $1).bits } ?? 0
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
