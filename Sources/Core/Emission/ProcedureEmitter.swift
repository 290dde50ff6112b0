import Bytecode

/// Writes the bytecode of one procedure.
///
/// Registers are a stack: `depth` is the first free one, and every register below it is initialised on every
/// path that gets here. So `depth` is the window of a call, and results land where the next value belongs.
struct ProcedureEmitter {
  var module: ModuleEmitter
  let procedure: CoreProcedure
  let usage: Usage
  var code: CodeBuffer
  /// The first limit that was broken.
  private(set) var error: CoreError?
  /// By variable: its register, -1 before it is bound.
  private var registers: [Int]
  /// By label: what is known of it while its join or loop is open.
  private var labels: [OpenLabel?]
  /// Where the closure is.
  let closureRegister: Int
  var depth: Int
  /// Registers that hold values at the procedure's beginning.
  let entryDepth: Int
  private(set) var frameSize: Int
  var pending = PendingTrees()
  /// Tuples whose members a test has put into registers, and these: on all ways to here, as long as the registers are not
  /// given to something else.
  var opened: [Variable: Range<Int>] = [:]
  /// Blocks of failed checks, which are emitted behind everything else.
  private var asides: [(jumps: [Jump], block: Block, depth: Int, opened: [Variable: Range<Int>])] = []

  /// An enclosing join or loop.
  struct OpenLabel {
    /// The first register of its parameters.
    var base: Int
    var parameters: [Variable]
    /// The head of a loop; nil for a join.
    var head: Int?
    /// Jumps to the end of a join.
    var jumps: [Jump] = []
  }

  /// Every jump is 32 bits wide.
  let jumpsFar: Bool
  /// Its place in the module: index into the procedures.
  let index: Int
  let isVariadic: Bool

  init(
    _ module: ModuleEmitter, _ procedure: CoreProcedure, at index: Int, isVariadic: Bool, jumpsFar: Bool
  ) {
    let takesClosure = module.needsClosure[index]
    self.isVariadic = isVariadic
    self.module = module
    self.index = index
    self.jumpsFar = jumpsFar
    self.procedure = procedure
    usage = Usage(procedure)
    code = CodeBuffer(at: Place())
    registers = Array(repeating: -1, count: procedure.variableCount)
    labels = Array(repeating: nil, count: procedure.labelCount)
    closureRegister = procedure.parameters.count
    entryDepth = procedure.parameters.count + (takesClosure ? 1 : 0)
    depth = entryDepth
    frameSize = depth
    for (register, parameter) in procedure.parameters.enumerated() { registers[parameter.id] = register }
  }

  mutating func run(at place: Place) {
    code.place = place
    reserve(depth)
    emit(procedure.body)
    while let aside = asides.popLast() {
      for jump in aside.jumps { code.patch(jump, to: code.count) }
      depth = aside.depth
      opened = aside.opened
      emit(aside.block)
    }
    code.shortenJumps()
  }

  // MARK: Registers

  func register(of variable: Variable) -> Int { registers[variable.id] }

  mutating func bind(_ variable: Variable, to register: Int) { registers[variable.id] = register }

  /// Makes sure that the frame has the registers below `count`.
  mutating func reserve(_ count: Int) {
    frameSize = max(frameSize, count)
    if frameSize > 0xFFFF { fail("this function needs more than 65535 registers") }
  }

  /// Takes the next free register.
  mutating func push() -> Int {
    let register = depth
    depth += 1
    reserve(depth)
    return register
  }

  mutating func fail(_ message: String) {
    if error == nil { error = CoreError(message, at: code.place) }
  }

  /// Checks a number that an instruction has `bits` bits for.
  mutating func fit(_ number: Int, bits: Int, _ what: String) -> Int {
    if number >> bits != 0 { fail("\(number) \(what): at most \((1 << bits) - 1) are possible") }
    return number
  }

  // MARK: Labels

  mutating func open(_ label: Label, _ state: OpenLabel) { labels[label.id] = state }

  func openLabel(_ label: Label) -> OpenLabel {
    guard let state = labels[label.id] else { preconditionFailure("Core jumps to a label that is not open") }
    return state
  }

  /// Writes down that the jump goes to the end of a join, or patches it to the head of a loop.
  mutating func resolve(_ jump: Jump, _ label: Label) {
    if let head = openLabel(label).head {
      code.patch(jump, to: head)
    } else {
      labels[label.id]?.jumps.append(jump)
    }
  }

  // MARK: Blocks

  mutating func emit(_ block: Block) {
    for step in block.steps {
      guard emit(step), error == nil else { return }
    }
    emit(block.end)
  }

  /// - Returns: false if run never goes on behind the step.
  private mutating func emit(_ step: Step) -> Bool {
    switch step {
    case .bind(let variable, let operation, let place): emitBind(variable, operation, place)
    case .effect(let effect, let place): emit(effect, place)
    case .require(let test, let place, let label): emitRequire(test, place, label)
    case .check(let test, let place, let otherwise): emitCheck(test, place, otherwise)
    case .join(let label, let parameters, let body): return emitJoin(label, parameters, body)
    }
    return true
  }

  private mutating func emitBind(_ variable: Variable, _ operation: Operation, _ place: Place) {
    let uses = usage.count(variable)
    if uses == 0 && operation.isDroppable { return }
    if case .tupleMember(.local(let tuple), let index) = operation, let members = opened[tuple],
      index < members.count
    {
      return bind(variable, to: members.lowerBound + index)
    }
    if uses == 1 && operation.isMovable {
      pending.putOff(variable, operation, place)
      return
    }
    let tree = Tree(operation: operation, operands: pending.operands(operation.operands), place: place)
    if uses == 1 {
      pending.push(variable, tree)
      return
    }
    flush()
    let mark = depth
    emit(tree, into: mark)
    if uses == 0 {
      depth = mark
    } else {
      bind(variable, to: push())
    }
  }

  /// Evaluates what has been put off, in order, each into a register of its own.
  mutating func flush() {
    for (variable, tree) in pending.takeAll() {
      emit(tree, into: depth)
      bind(variable, to: push())
    }
  }

  private mutating func emitRequire(_ test: Test, _ place: Place, _ label: Label) {
    let operands = pending.operands(test.operands)
    flush()
    let mark = depth
    let jumps = emit(test, operands, place)
    depth = mark
    bindResult(of: test, operands)
    for jump in jumps { resolve(jump, label) }
  }

  private mutating func emitCheck(_ test: Test, _ place: Place, _ otherwise: Block) {
    let operands = pending.operands(test.operands)
    flush()
    let mark = depth
    let jumps = emit(test, operands, place)
    depth = mark
    asides.append((jumps, otherwise, mark, opened))
    bindResult(of: test, operands)
  }

  /// A test that binds has put its value into the next free register; one that opens a tuple, the members into the
  /// next ones.
  mutating func bindResult(of test: Test, _ operands: [Operand]) {
    if let variable = test.bound { bind(variable, to: push()) }
    if let opening = opening(test, operands) {
      opened[opening.tuple] = depth..<depth + opening.count
      depth += opening.count
    }
  }

  /// The tuple that a test opens, since its members are wanted.
  func opening(_ test: Test, _ operands: [Operand]) -> (tuple: Variable, count: Int)? {
    guard case .tuple(.local(let tuple), let count) = test, case .atom? = operands.first, count > 0,
      count <= 3, usage.isTakenApart[tuple.id]
    else { return nil }
    return (tuple, count)
  }

  private mutating func emitJoin(_ label: Label, _ parameters: [Variable], _ body: Block) -> Bool {
    flush()
    let base = depth
    let openedBefore = opened
    open(label, OpenLabel(base: base, parameters: parameters))
    emit(body)
    opened = openedBefore
    var jumps = openLabel(label).jumps
    labels[label.id] = nil
    if jumps.isEmpty { return false }
    if let last = jumps.last, code.removeLast(last) { jumps.removeLast() }
    for jump in jumps { code.patch(jump, to: code.count) }
    depth = base
    for parameter in parameters { bind(parameter, to: push()) }
    return true
  }
}
