import Bytecode
import Memory
import Words

/// `apply`: a call whose number of arguments is known only now.
enum Applying {
  /// Enters `callee` with the members of `arguments`; answers `request`, or the result if no code was needed.
  static func apply(_ process: Process, _ callee: Word, _ arguments: Word) -> Word {
    let isTuple = Tuples.isTuple(arguments)
    guard isTuple || Lists.isList(arguments) else {
      return process.panic("apply needs a list or a tuple of arguments, but got \(Show.text(arguments))")
    }
    let count = isTuple ? Tuples.count(arguments) : Lists.count(arguments)
    let block = unsafe process.block
    let pc = unsafe block.pointee.pc.unsafelyUnwrapped
    let frame = unsafe block.pointee.frame.unsafelyUnwrapped
    let w = unsafe Instruction(bits: pc.pointee).a
    // The native's own arguments (two words from w on) stay as they are until everything is certain.
    let place = unsafe frame + w + 3
    let function = FunctionInfo(callee)
    if count > 1, function.map({ $0.code(arity: count) == 0 }) ?? true {
      return unsafe applyMany(process, callee, function, arguments, place, w)
    }
    guard unsafe SlowPaths.hasRoom(process, place, count + 4) else { return .request }
    for k in 0..<count {
      unsafe place[k] = (isTuple ? HeapObject(arguments)[k] : Lists.at(arguments, k)).bits
    }
    switch unsafe SlowPaths.resolve(process, callee, unsafe: place, count: count) {
    case .value(let word): return word
    case .stop: return .request
    case .enter(let code): return unsafe enter(process, code, place, w)
    }
  }

  /// The same for what has no code of its own for so many arguments, which may be millions: they stay where they are. A
  /// variadic function gets the very list.
  private static func applyMany(
    _ process: Process, _ callee: Word, _ function: FunctionInfo?, _ arguments: Word,
    _ place: UnsafeMutablePointer<UInt64>, _ w: Int
  ) -> Word {
    let isTuple = Tuples.isTuple(arguments)
    let count = isTuple ? Tuples.count(arguments) : Lists.count(arguments)
    let members = (0..<count).lazy.map { isTuple ? HeapObject(arguments)[$0] : Lists.at(arguments, $0) }
    guard let function else {
      SlowPaths.panicMany(process, callee, members)
      return .request
    }
    let variadic = function.variadicCode(count: count)
    guard variadic != 0 else {
      SlowPaths.panicNoClause(process, function, members)
      return .request
    }
    guard unsafe SlowPaths.hasRoom(process, place, 4) else { return .request }
    var list = arguments
    if isTuple {
      list = SlowPaths.tupleRest(process, arguments, 0)
      if list == .request || process.heap.isExhausted { return list }
    }
    unsafe place[0] = list.bits
    if CodeEntry(unsafe: variadic).needsClosure { unsafe place[1] = callee.bits }
    return unsafe enter(process, variadic, place, w)
  }

  private static func enter(
    _ process: Process, _ code: UInt, _ place: UnsafeMutablePointer<UInt64>, _ w: Int
  ) -> Word {
    let block = unsafe process.block
    let pc = unsafe block.pointee.pc.unsafelyUnwrapped
    let frame = unsafe block.pointee.frame.unsafelyUnwrapped
    let entry = CodeEntry(unsafe: code)
    let next = unsafe Instruction(bits: pc[1])
    var newFrame = unsafe frame
    if !(next.opcode == .return && next.a == w) {
      unsafe frame[w] = Machine.link(pc + 1, window: w)
      unsafe newFrame = frame + w + 1
    }
    for k in 0..<entry.liveRegisters { unsafe newFrame[k] = place[k] }
    unsafe block.pointee.pc = unsafe entry.code
    unsafe block.pointee.frame = unsafe newFrame
    return process.ask(.entered)
  }
}
