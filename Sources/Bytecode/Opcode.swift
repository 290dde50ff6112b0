/// The instructions of the VM: the one table that the machine, assembler, disassembler, verifier and
/// Docs/Bytecode.md derive from.
///
/// Notation: `R[a]` is a register of the running frame; `w` is a *window*, the first register above all
/// that are initialised; `|` separates the instruction from its second word. A jump's target is its own
/// index plus its offset. "Pair": the second word is an instruction of its own, which runs only after the
/// slow path (a call of the Prelude function with window `w`) has returned its result in `R[w]`.
public enum Opcode: UInt8, CaseIterable, Sendable {
  // MARK: Moving values
  /// `R[a] = R[b]`
  case move
  /// `R[a] = constant`  `a | constant`
  case loadConstant
  /// `R[a] = the whole number bc` (signed)
  case loadInteger
  /// `R[a] = global`; panics while it is unbound.  `a | global`
  case loadGlobal
  /// Binds a global to `R[a]`, published to all processes.  `a | global`
  case storeGlobal
  /// `R[a] = ` captured value `c` of the closure `R[b]`
  case loadCapture
  /// `R[a] = ` a new environment record of `c` unbound slots
  case makeEnvironment
  /// `R[a] = ` slot `c` of the environment `R[b]`; panics while unbound.  `a b c | constant` (keyword: the name)
  case loadEnvironment
  /// slot `c` of the environment `R[a]` `= R[b]`
  case storeEnvironment
  /// `R[a] = ` a closure of the function that captures `R[b ..< b+c]`.  `a b c | function`
  case makeClosure
  /// `R[a] = ` the partial application of `R[b]` to `R[b+1 ... b+c]`, with a hole before argument `x`
  case makePartial

  // MARK: Calls
  /// Calls the value `R[a]` with `R[a+1 ... a+b]`; the result goes to `R[a]`. Safepoint, window `a`.
  case call
  /// The same in tail position: the frame is replaced.
  case tailCall
  /// Calls a known procedure, which needs no closure, with `R[a+1 ... a+b]`; result in `R[a]`.
  /// Safepoint, window `a`.  `a b | procedure`
  case callDirect
  /// The same in tail position.  `a b | procedure`
  case tailCallDirect
  /// `R[a] = ` computation `x` of `R[a+1 ... a+b]` if all of these are numbers; otherwise `callDirect`.
  /// Safepoint, window `a`.  `x a b | procedure`
  case computeOrCall
  /// Native number `c` with `R[a ..< a+b]`; result in `R[a]`. Safepoint, window `a+b`.
  case callNative
  /// Returns `R[a]` to the caller.
  case `return`

  // MARK: Jumps and tests
  /// Jumps by `bc`.
  case jump
  /// Jumps back by `bc` and charges a reduction. Safepoint, window `a`.
  case loop
  /// Jumps by `bc` if `R[a]` is nil or false.
  case jumpIfFalsy
  /// Jumps by `bc` if `R[a]` is neither nil nor false.
  case jumpIfTruthy
  /// Jumps by `bc` unless `R[a]` has the very bits of the constant (keywords, nil, booleans, numbers but 0, ()).  `a bc | constant`
  case jumpUnlessSame
  /// Jumps by `bc` unless `R[a]` is the number 0 or -0.
  case jumpUnlessZero
  /// Jumps by `bc` unless `R[a]` equals the constant.  `a bc | constant`
  case jumpUnlessEqual
  /// Jumps by `bc` unless `R[a]` is of type `x` (`TypeCode`).
  case jumpUnlessType
  /// Jumps by `bc` unless `R[a]` is a tuple of `x` members.
  case jumpUnlessTuple
  /// `R[b ..< b+x] = ` the members of `R[a]` if that is a tuple of `x` members; otherwise jumps by `c`.
  case openTuple
  /// Jumps by `bc` unless `R[a]` is a tuple of `x` members or more.
  case jumpUnlessTupleFrom
  /// Jumps by `bc` unless `R[a]` is a list of `x` members.
  case jumpUnlessList
  /// Jumps by `bc` unless `R[a]` is a list of `x` members or more.
  case jumpUnlessListFrom
  /// Jumps by `c` unless `R[a]` equals `R[b]`.
  case jumpUnlessEqualTo
  /// Jumps by `c` unless `R[a] < R[b]`. Pair with `jumpIfFalsy w`.
  case jumpUnlessLess
  /// Jumps by `c` unless `R[a] ≤ R[b]`. Pair with `jumpIfFalsy w`.
  case jumpUnlessLessOrEqual

  // MARK: Members
  /// `R[a] = ` member `c` of the tuple `R[b]`
  case tupleMember
  /// `R[a] = ` member `c` of the list `R[b]`
  case listMember
  /// `R[a] = ` the list of the members of the tuple `R[b]` from `c` on
  case tupleRest
  /// `R[a] = ` the list `R[b]` without its first `c` members
  case listRest
  /// `R[a] = ` what the dict `R[b]` has under the constant; jumps by `c` if `R[b]` is no dict or lacks it.  `a b c | constant`
  case dictFind
  /// The same for structs.  `a b c | constant`
  case structFind
  /// `R[a] = ` a dict of the members of `R[b]` (dict or struct) whose keys are not among `R[b+1 ... b+c]`
  case dictRest
  /// `R[a] = R[b] :key`: nil for what has no keys; panics for a struct or namespace without it.  `a b | constant`
  case loadKey

  // MARK: Collections from registers
  /// `R[a] = (R[b], … R[b+c-1])`
  case makeTuple
  /// `R[a] = [R[b], … R[b+c-1]]`
  case makeList
  /// `R[a] = ${R[b], … R[b+c-1]}`
  case makeSet
  /// `R[a] = #{R[b] R[b+1], …}` of `c` pairs; the later of equal keys wins
  case makeDict
  /// `R[a] = @{R[b] R[b+1], …}` of `c` pairs
  case makeStruct
  /// `R[a] = ` a namespace of `c` pairs from `R[b]` on.  `a b c | constant` (keyword: its name)
  case makeNamespace
  /// `R[a] = ` the string of `R[b] … R[b+c-1]`, each as `string` would show it, joined
  case interpolate

  // MARK: Arithmetic (fast for numbers; pair with `move`)
  /// `R[a] = R[b] + R[c]`.  Pair with `move a, w`.
  case add
  /// `R[a] = R[b] - R[c]`.  Pair.
  case subtract
  /// `R[a] = R[b] × R[c]`.  Pair.
  case multiply
  /// `R[a] = R[b] ÷ R[c]`; fast unless the divisor is 0.  Pair.
  case divide
  /// `R[a] = R[b] + c`, `c` a signed whole number other than 0 (`inc`, `dec`, `add (x, 5)`, `sub (x, 5)`).  Pair.
  /// Its slow path calls `add`; flag `x` = 1: `sub` with `-c`; 2: `inc`; 3: `dec`.
  case addInteger
  /// `R[a] = R[b] mod R[c]` (sign of the divisor).  Pair.
  case modulo
  /// `R[a] = R[b] quot R[c]` (truncated).  Pair.
  case quotient
  /// `R[a] = R[b] < R[c]`.  Pair.
  case less
  /// `R[a] = R[b] ≤ R[c]`.  Pair.
  case lessOrEqual
  /// `R[a] = eq? (R[b], R[c])`; never slow in a way that calls.
  case equal
  /// `R[a] = not (R[b])`
  case not
  /// `R[a] = at (R[b], R[c])`.  Pair.
  case at
  /// `R[a] = count (R[b])`.  Pair.
  case count
  /// `R[a] = first (R[b])`.  Pair.
  case first
  /// `R[a] = rest (R[b])`.  Pair.
  case rest
  /// `R[a] = append (R[b], R[c])`.  Pair.
  case append

  // MARK: Processes
  /// `R[a] = self ()`
  case selfPid
  /// `R[a] = send (R[b], R[c])`. Safepoint, window `w`. Pair with `move a, w`.
  case send
  /// Begins a `receive`. `x` = 1: `R[a]` is the limit of its `after`, checked here; the clock starts.
  case receiveStart
  /// `R[a] = ` the oldest message not yet looked at by this receive; jumps by `bc` when there is none.
  case receiveNext
  /// Removes the message that `receiveNext` gave from the mailbox: this receive is over.
  case receiveTake
  /// Waits for a message, then jumps by `bc`; goes on behind itself when the limit has passed. Safepoint, window `a`.
  case receiveWait
  /// `R[a] = ` where this receive stands, as a number that means nothing to anyone else: a guard that may receive is about
  /// to run.
  case receiveHold
  /// Goes on with the receive that stood at `R[a]`, which has given a message.
  case receiveResume

  // MARK: Panics
  /// Panics `no match: ` and `R[a]` shown. `x` = 1: of a `let`.
  case panicNoMatch
  /// Panics: no clause of this procedure took `R[0 ..< a]` (variadic: the list `R[0]`). `x` = 1: of a `loop`, whose
  /// arguments are `R[b ..< b+a]`.
  case panicNoClause
  /// Panics `no clause of when is true`.
  case panicNoWhen
  /// Panics unless `R[a]` is a whole number ≥ 0 (the count of a `repeat`).
  case checkCount

  // MARK: Second words
  /// Not run: an index (`bc`) for the instruction before it.
  case extend
}
