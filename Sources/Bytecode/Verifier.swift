/// Checks a module before it is run. The machine and the loader trust what has passed:
///
/// V1  Every opcode is known and has the second word that it needs; fields that it does not use are 0.
/// V2  Every register is inside its frame, and so are the arguments and the window of every call, of every slow path,
///     and behind the arguments of `call` one register for the callee's closure; a frame has at most
///     `frameLimit` registers.
/// V3  Every index (constant, procedure, function, global, native, file, member of an enum) is in range.
/// V4  Every jump lands on an instruction; only `loop` and `receiveWait` jump back; code does not run off its end.
/// V5  Every register that is read holds a value on every path; at a safepoint all registers below its window do.
/// V6  A direct call passes as many arguments as the procedure takes, which needs no closure. Of imports only the number
///     that the import states: the loader compares it with the Prelude, and sees that the procedure needs no closure.
/// V7  Captures are read only from the procedure's own closure, which no instruction overwrites. So they are there: the
///     machine has passed the value that it called, and a closure has as many captures as its function says.
///
/// The verifier does not know what a register holds: an instruction that takes a tuple or a list must look.
public enum Verifier {
  public static var frameLimit: Int { 60_000 }

  /// The most arguments that a procedure may take.
  public static var arityLimit: Int { 50_000 }

  /// Throws what is wrong first.
  public static func verify(_ image: CodeImage) throws(BytecodeError) {
    try verifyParts(image)
    var verifier = ProcedureVerifier(image)
    for index in image.procedures.indices { try verifier.verify(index) }
  }
}

extension Verifier {
  private static func verifyParts(_ image: CodeImage) throws(BytecodeError) {
    try verifyEntry(image)
    for (index, constant) in image.constants.enumerated() { try verify(constant, index, image) }
    for index in image.functions.indices { try verifyFunction(index, image) }
    for (index, global) in image.globals.enumerated() {
      guard let function = global.function else { continue }
      try verifyPlainFunction(function, "global \(global.name) (\(index))", image)
    }
    for named in image.imports {
      guard (0...arityLimit).contains(named.arity ?? 1) else {
        throw BytecodeError(
          .part("import \(named.name)"), "it has \(named.arity ?? 1) arguments",
          advice: "a procedure takes 0 to \(arityLimit)")
      }
    }
  }

  private static func verifyEntry(_ image: CodeImage) throws(BytecodeError) {
    let place = BytecodeError.Place.part("entry")
    guard image.procedures.indices.contains(image.entry) else {
      throw BytecodeError(
        place, "there is no procedure \(image.entry)", advice: "the module needs a procedure to begin with")
    }
    let entry = image.procedures[image.entry]
    guard entry.arity == 0, !entry.isVariadic, !entry.needsClosure else {
      throw BytecodeError(
        place, "the first procedure takes arguments or a closure", advice: "make it one of no arguments")
    }
  }

  private static func verify(
    _ constant: Constant, _ index: Int, _ image: CodeImage
  ) throws(BytecodeError) {
    let place = "constant \(index)"
    guard constant.nests(atMost: Constant.nestingLimit) else {
      throw BytecodeError(
        .part(place), "it nests deeper than \(Constant.nestingLimit)", advice: "build its outer part in code")
    }
    try verifyFunctions(in: constant, place, image)
  }

  private static func verifyFunctions(
    in constant: Constant, _ place: String, _ image: CodeImage
  ) throws(BytecodeError) {
    switch constant {
    case .function(let function): try verifyPlainFunction(function, place, image)
    case .tuple(let items), .list(let items), .set(let items):
      for item in items { try verifyFunctions(in: item, place, image) }
    case .dict(let pairs), .struct(let pairs):
      for pair in pairs {
        try verifyFunctions(in: pair.key, place, image)
        try verifyFunctions(in: pair.value, place, image)
      }
    case .nil, .boolean, .number, .keyword, .string, .prelude: break
    }
  }

  /// A function that is a value by itself, without a closure.
  private static func verifyPlainFunction(
    _ function: Int, _ place: String, _ image: CodeImage
  ) throws(BytecodeError) {
    guard image.functions.indices.contains(function) else {
      throw BytecodeError(
        .part(place), "there is no function \(function)", advice: "the module has \(image.functions.count)")
    }
    guard image.functions[function].captures == 0 else {
      throw BytecodeError(
        .part(place), "function \(image.functions[function].name) captures values",
        advice: "make it with makeClosure")
    }
  }
}

// MARK: Functions

extension Verifier {
  private static func verifyFunction(_ index: Int, _ image: CodeImage) throws(BytecodeError) {
    let function = image.functions[index]
    func fail(_ message: String, _ advice: String = "") -> BytecodeError {
      BytecodeError(.part("function \(function.name) (\(index))"), message, advice: advice)
    }
    guard image.files.indices.contains(function.file) else {
      throw fail("there is no file \(function.file)", "the module has \(image.files.count)")
    }
    guard function.line >= 0, function.column >= 0 else { throw fail("its line or column is negative") }
    guard (0...0xFFFF).contains(function.captures) else {
      throw fail("it captures \(function.captures) values", "a closure captures 0 to 65535")
    }
    var arities: Set<Int> = []
    for entry in function.entries {
      let procedure =
        image.procedures.indices.contains(entry.procedure) ? image.procedures[entry.procedure] : nil
      guard let procedure, procedure.function == index, procedure.arity == entry.arity, !procedure.isVariadic
      else {
        throw fail(
          "its entry for \(entry.arity) arguments names procedure \(entry.procedure)",
          "name a procedure of this function with that arity")
      }
      guard arities.insert(entry.arity).inserted else {
        throw fail("it has two entries for \(entry.arity) arguments", "keep one")
      }
    }
    try verifyVariadic(function, index, image, fail)
  }

  private static func verifyVariadic(
    _ function: Function, _ index: Int, _ image: CodeImage, _ fail: (String, String) -> BytecodeError
  ) throws(BytecodeError) {
    guard let variadic = function.variadic else {
      guard function.variadicMinimum == 0 else {
        throw fail("it has a minimum of arguments, but no variadic procedure", "leave the minimum 0")
      }
      return
    }
    guard image.procedures.indices.contains(variadic), image.procedures[variadic].isVariadic,
      image.procedures[variadic].function == index
    else {
      throw fail(
        "its variadic entry names procedure \(variadic)", "name a variadic procedure of this function")
    }
    guard (0...arityLimit).contains(function.variadicMinimum) else {
      throw fail(
        "it takes at least \(function.variadicMinimum) arguments", "a procedure takes 0 to \(arityLimit)")
    }
  }
}
