import Bytecode

extension ProcedureEmitter {
  /// `operands` are callee (if it is a value) and arguments.
  mutating func emitCall(_ callee: Callee, _ operands: [Operand], into target: Int, _ place: Place) {
    let mark = depth
    let window = depth
    if case .native(let native) = callee {
      let first = self.window(for: operands, at: window)
      code.place = place
      code.append(
        Instruction(
          .callNative, a: first, b: fit(operands.count, bits: 16, "arguments"), c: Int(native.rawValue)))
      reserve(first + operands.count + 1)
      depth = mark
      emitMove(from: first, to: target)
      return
    }
    emitWindowCall(callee, operands, at: window, holeIsFree: true, place)
    depth = mark
    emitMove(from: window, to: target)
  }

  /// A call whose result comes to lie in the window's register.
  private mutating func emitWindowCall(
    _ callee: Callee, _ operands: [Operand], at window: Int, holeIsFree: Bool, _ place: Place
  ) {
    let count = emitArguments(callee, operands, window: window, holeIsFree: holeIsFree)
    code.place = place
    if let index = procedureIndex(callee) {
      if let computation = callee.computation {
        code.append(Instruction(.computeOrCall, x: computation.rawValue, a: window, b: count))
      } else {
        code.append(Instruction(.callDirect, a: window, b: count))
      }
      code.extend(index)
    } else {
      code.append(Instruction(.call, a: window, b: count))
    }
  }

  mutating func emitTailCall(_ callee: Callee, _ operands: [Operand], _ place: Place) {
    if case .native = callee {
      emitCall(callee, operands, into: depth, place)
      code.append(Instruction(.return, a: depth))
      return
    }
    if callee.computation != nil {
      emitTailComputation(callee, operands, place)
      return
    }
    if let arguments = ownArguments(callee, operands) {
      emitOwnTailCall(arguments, place)
      return
    }
    // The window's own register is not written, so that one that is in use serves.
    var borrowsHole = depth > 0
    if case .value = callee { borrowsHole = false }
    let window = borrowsHole ? depth - 1 : depth
    let count = emitArguments(callee, operands, window: window, holeIsFree: !borrowsHole)
    code.place = place
    if let index = procedureIndex(callee) {
      code.append(Instruction(.tailCallDirect, a: window, b: count))
      code.extend(index)
    } else {
      code.append(Instruction(.tailCall, a: window, b: count))
    }
  }

  /// A computation makes no frame, as a rule, so that the one there is need not be replaced. The result takes the place of a
  /// register in use, which is never wanted again, so that nothing must be put there for the sake of the arguments.
  private mutating func emitTailComputation(_ callee: Callee, _ operands: [Operand], _ place: Place) {
    let borrowsHole = depth > 0 && !(depth == entryDepth && entryDepth > closureRegister)
    let window = borrowsHole ? depth - 1 : depth
    emitWindowCall(callee, operands, at: window, holeIsFree: !borrowsHole, place)
    code.append(Instruction(.return, a: window))
  }

  /// The arguments of a call of the running procedure; nil if it calls anything else.
  private func ownArguments(_ callee: Callee, _ operands: [Operand]) -> [Operand]? {
    switch callee {
    case .value(.itself):
      let arguments = operands.dropFirst()
      return !isVariadic && arguments.count == procedure.parameters.count ? Array(arguments) : nil
    case .function(let function, let arity):
      return module.procedureIndex(function: function, arity: arity) == index ? operands : nil
    default: return nil
    }
  }

  /// A tail call of the running procedure is a jump to its beginning with new arguments: those that stay need
  /// no move.
  private mutating func emitOwnTailCall(_ arguments: [Operand], _ place: Place) {
    code.place = place
    assign(arguments, to: 0)
    code.place = place
    if code.count == 0 { code.append(Instruction(.jump, wide: 1)) }
    code.append(Instruction(.loop, a: entryDepth, wide: -code.count))
  }

  /// The second word of a direct call; nil: the callee is in the window's register.
  private mutating func procedureIndex(_ callee: Callee) -> Int? {
    switch callee {
    case .value, .native: return nil
    case .prelude(let name, let arity): return module.importIndex(name: name, arity: arity)
    case .function(let function, let arity):
      guard let index = module.procedureIndex(function: function, arity: arity), !module.needsClosure[index]
      else {
        fail("a direct call of a procedure that is not there or needs its closure")
        return 0
      }
      return index
    }
  }

  /// Evaluates callee and arguments into the window.
  /// - Parameter holeIsFree: the window's own register holds nothing yet.
  /// - Returns: how many arguments there are.
  private mutating func emitArguments(
    _ callee: Callee, _ operands: [Operand], window: Int, holeIsFree: Bool
  ) -> Int {
    var arguments = operands[...]
    var hole = holeIsFree
    depth = window
    if case .value = callee, let function = arguments.popFirst() {
      emit(function, into: window)
      hole = false
    }
    let first = window + 1
    reserve(first + arguments.count + 1)
    let early = hole ? earlyArgument(arguments) : nil
    if let early { emitEarly(arguments[early], at: window, into: first + early - arguments.startIndex) }
    if hole, isHoleNeeded(arguments, early) { code.append(Instruction(.loadInteger, a: window)) }
    // Behind a late argument that went first there are no safepoints: temporaries go above all arguments.
    let isOutOfOrder = early != nil && early != arguments.startIndex
    for (offset, argument) in arguments.enumerated() where offset + arguments.startIndex != early {
      depth = isOutOfOrder ? first + arguments.count : first + offset
      emit(argument, into: first + offset)
    }
    return fit(arguments.count, bits: 16, "arguments")
  }

  /// The one argument that may be evaluated before all others, while the window is still empty, so that the
  /// window's own register need not be filled for its safepoints: those before it have no effects.
  private func earlyArgument(_ arguments: ArraySlice<Operand>) -> Int? {
    guard let index = arguments.firstIndex(where: { $0.hasSafepoint }) else { return nil }
    if index == arguments.startIndex { return index }
    let isOnly = !arguments[(index + 1)...].contains { $0.hasSafepoint }
    return isOnly && arguments[..<index].allSatisfy { $0.isMovable } ? index : nil
  }

  /// Evaluates an argument with the window's own register as the first free one.
  private mutating func emitEarly(_ argument: Operand, at window: Int, into target: Int) {
    depth = window
    emit(argument, into: target)
  }

  /// Whether arguments with safepoints are left while the window's own register may be empty.
  private func isHoleNeeded(_ arguments: ArraySlice<Operand>, _ early: Int?) -> Bool {
    guard let early else { return arguments.contains { $0.hasSafepoint } }
    // A call leaves its result there.
    if case .tree(let tree) = arguments[early], case .call = tree.operation { return false }
    return arguments[(early + 1)...].contains { $0.hasSafepoint }
  }

  /// Natives take their arguments in neighbouring registers at the window.
  private mutating func window(for operands: [Operand], at window: Int) -> Int {
    for operand in operands {
      emit(operand, into: depth)
      depth += 1
      reserve(depth)
    }
    return window
  }
}

extension Callee {
  /// What the call of a Prelude function comes to if all arguments are numbers.
  fileprivate var computation: Computation? {
    guard case .prelude(let name, let arity?) = self else { return nil }
    return Computation.of(name, arity: arity)
  }
}
