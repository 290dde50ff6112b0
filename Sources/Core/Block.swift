import Bytecode

/// Straight code with one end. Everything that a procedure does is a tree of blocks.
///
/// Core is in A-normal form: operands are atoms, every intermediate value has a name, and the order of the
/// steps is the order of evaluation. Code that several branches go on with is never copied: the branches
/// stand in the body of a `join` and jump to its end.
public struct Block: Equatable, Sendable {
  public var steps: [Step]
  public var end: End
  public init(_ steps: [Step], _ end: End) {
    self.steps = steps
    self.end = end
  }
}

/// One step of a block.
public indirect enum Step: Equatable, Sendable {
  /// Evaluates the operation and binds its value for the rest of the block.
  case bind(Variable, Operation, Place)
  /// Does something that has no value.
  case effect(Effect, Place)
  /// Goes on if the test holds; otherwise jumps to the label, whose join has no parameters.
  case require(Test, Place, else: Label)
  /// Goes on if the test holds; otherwise runs the block, which ends without a jump: it panics or returns.
  case check(Test, Place, else: Block)
  /// Runs the body. Where it jumps to the label, the parameters are bound and run goes on behind this step.
  /// A body that never jumps makes the steps behind it dead.
  case join(Label, [Variable], Block)
}

/// How a block ends.
public indirect enum End: Equatable, Sendable {
  /// The value of the procedure.
  case `return`(Atom)
  /// A call in tail position: the frame is replaced.
  case tailCall(Callee, [Atom], Place)
  case branch(Test, Place, then: Block, else: Block)
  /// To the end of a join, or to the head of a loop with new values for its parameters.
  case jump(Label, [Atom], Place)
  /// Binds the parameters and runs the body, again for each jump to the label.
  case loop(Label, [Variable], [Atom], Block, Place)
  /// Waits for a message and jumps to the loop's head; runs the block when the limit of the receive passes first.
  case wait(Label, timeout: Block, Place)
  case panic(Panic, Place)
}

/// What is called.
public enum Callee: Hashable, Sendable {
  /// A value: function, partial application or keyword.
  case value(Atom)
  /// The procedure for `arity` arguments (nil: the variadic one, of one argument) of a function of this module.
  /// It must not read its closure: a function that captures is called as a value.
  case function(Int, arity: Int?)
  /// The procedure of a function of the Prelude.
  case prelude(String, arity: Int?)
  case native(Native)
}

/// What has an effect and no value.
public enum Effect: Hashable, Sendable {
  case storeGlobal(Int, Atom)
  /// Binds a slot of an environment record.
  case storeSlot(environment: Atom, Int, Atom)
  /// Begins a receive; the atom is the limit of its `after`.
  case receive(limit: Atom?)
  /// Removes the message that the receive looked at last.
  case take
  /// Goes on with the receive that was held: the atom is what `hold` gave.
  case resume(Atom)
  /// Panics unless the atom is a whole number of 0 or more.
  case checkCount(Atom)
}

/// Why a procedure gives up.
public enum Panic: Hashable, Sendable {
  /// No clause of a `match` (or the pattern of a `let`) takes the value.
  case noMatch(Atom, isLet: Bool)
  /// No clause of the procedure takes its arguments.
  case noClause
  /// No clause of a loop takes its arguments: the variables of the loop, in order.
  case noLoopClause([Variable])
  case noWhen
}
