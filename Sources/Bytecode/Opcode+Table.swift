// The table of the instructions. The enum says the same in comments for who reads the machine; the
// reference in Docs/Bytecode.md is made from here, and a test keeps them together.

private func to(_ field: OperandField) -> Operand { Operand(.destination, field) }
private func from(_ field: OperandField) -> Operand { Operand(.source, field) }
private func many(_ field: OperandField) -> Operand { Operand(.count, field) }
private func number(_ field: OperandField) -> Operand { Operand(.number, field) }
private let base = Operand(.base, .b)
private let farJump = Operand(.jump, .wide)
private let shortJump = Operand(.jump, .c)
private let flag = Operand(.flag, .x)
private let constant = Operand(.constant, .second)
private let keyword = Operand(.keyword, .second)
private let slowWindow = Operand(.window, .second)

extension Opcode {
  var row: OpcodeShape {
    switch self {
    case .move, .loadConstant, .loadInteger, .loadGlobal, .storeGlobal, .loadCapture, .makeEnvironment,
      .loadEnvironment, .storeEnvironment, .makeClosure, .makePartial:
      movingRow
    case .call, .tailCall, .callDirect, .tailCallDirect, .computeOrCall, .callNative, .return:
      callingRow
    case .jump, .loop, .jumpIfFalsy, .jumpIfTruthy, .jumpUnlessSame, .jumpUnlessZero, .jumpUnlessEqual,
      .jumpUnlessType, .jumpUnlessTuple, .openTuple, .jumpUnlessTupleFrom, .jumpUnlessList,
      .jumpUnlessListFrom,
      .jumpUnlessEqualTo, .jumpUnlessLess, .jumpUnlessLessOrEqual:
      jumpingRow
    case .tupleMember, .listMember, .tupleRest, .listRest, .dictFind, .structFind, .dictRest, .loadKey,
      .makeTuple, .makeList, .makeSet, .makeDict, .makeStruct, .makeNamespace, .interpolate:
      collectionRow
    case .add, .subtract, .multiply, .divide, .addInteger, .modulo, .quotient, .less, .lessOrEqual, .equal,
      .not, .at, .count, .first, .rest, .append:
      operationRow
    case .selfPid, .send, .receiveStart, .receiveNext, .receiveTake, .receiveWait, .receiveHold,
      .receiveResume:
      processRow
    case .panicNoMatch, .panicNoClause, .panicNoWhen, .checkCount, .extend:
      panicRow
    }
  }

  private var movingRow: OpcodeShape {
    switch self {
    case .move: .init("`R[a] = R[b]`", [to(.a), from(.b)])
    case .loadConstant: .init("`R[a] =` the constant", [to(.a), constant], second: .extend)
    case .loadInteger: .init("`R[a] =` the whole number `bc`", [to(.a), Operand(.integer, .wide)])
    case .loadGlobal:
      .init(
        "`R[a] =` the global; panics while it is unbound", [to(.a), Operand(.global, .second)],
        second: .extend)
    case .storeGlobal:
      .init(
        "Binds the global to `R[a]`, published to all processes", [from(.a), Operand(.global, .second)],
        second: .extend)
    case .loadCapture:
      .init(
        "`R[a] =` captured value `c` of the closure `R[b]`, which is the procedure's own",
        [to(.a), from(.b), number(.c)])
    case .makeEnvironment:
      .init("`R[a] =` a new environment record of `c` unbound slots", [to(.a), many(.c)])
    case .loadEnvironment:
      .init(
        "`R[a] =` slot `c` of the environment `R[b]`; panics while it is unbound, naming the keyword",
        [to(.a), from(.b), number(.c), keyword], second: .extend)
    case .storeEnvironment:
      .init("Slot `c` of the environment `R[a]` `= R[b]`", [from(.a), number(.c), from(.b)])
    case .makeClosure:
      .init(
        "`R[a] =` a closure of the function that captures `R[b ..< b+c]`",
        [to(.a), base, many(.c), Operand(.function, .second)], range: .init(.b, .c), second: .extend)
    default:  // makePartial
      .init(
        "`R[a] =` the partial application of `R[b]` to `R[b+1 ... b+c]`, with a hole before argument `x`",
        [to(.a), base, many(.c), number(.x)], range: .init(.b, .c, extra: 1))
    }
  }

  private var callingRow: OpcodeShape {
    let window = Operand(.window, .a)
    let procedure = Operand(.procedure, .second)
    switch self {
    case .call:
      return .init(
        "Calls the value `R[a]` with `R[a+1 ... a+b]`; the result goes to `R[a]`", [window, many(.b)],
        range: .init(.a, .b, extra: 1), window: .result)
    case .tailCall:
      return .init(
        "`call` in tail position: the frame is replaced", [Operand(.base, .a), many(.b)],
        range: .init(.a, .b, extra: 1), fallsThrough: false)
    case .callDirect:
      return .init(
        "Calls the procedure, which needs no closure, with `R[a+1 ... a+b]`; the result goes to `R[a]`",
        [window, many(.b), procedure], range: .init(.a, .b, skip: 1), second: .extend, window: .result)
    case .tailCallDirect:
      return .init(
        "`callDirect` in tail position: the frame is replaced", [Operand(.base, .a), many(.b), procedure],
        range: .init(.a, .b, skip: 1), second: .extend, fallsThrough: false)
    case .computeOrCall:
      return .init(
        "`R[a] =` computation `x` (the list is in `Computation`) of `R[a+1 ... a+b]` if all are numbers; otherwise `callDirect`",
        [window, flag, many(.b), procedure], range: .init(.a, .b, skip: 1), second: .extend,
        window: .result, flags: Computation.allCases.count)
    case .callNative:
      return .init(
        "Runs native `c` with `R[a ..< a+b]`; the result goes to `R[a]`",
        [window, many(.b), Operand(.native, .c)], range: .init(.a, .b), window: .behindArguments)
    default:
      return .init("Returns `R[a]` to the caller", [from(.a)], fallsThrough: false)
    }
  }

  private var jumpingRow: OpcodeShape {
    switch self {
    case .jump: .init("Jumps by `bc`", [farJump], fallsThrough: false)
    case .loop:
      .init(
        "Jumps back by `bc` (which is negative) and charges a reduction", [Operand(.window, .a), farJump],
        window: .register, fallsThrough: false)
    case .jumpIfFalsy: .init("Jumps by `bc` if `R[a]` is nil or false", [from(.a), farJump])
    case .jumpIfTruthy: .init("Jumps by `bc` if `R[a]` is neither nil nor false", [from(.a), farJump])
    case .jumpUnlessSame:
      .init(
        "Jumps by `bc` unless `R[a]` has the very bits of the constant (a keyword, nil, a boolean, a number but 0, `()`)",
        [from(.a), Operand(.sameConstant, .second), farJump], second: .extend)
    case .jumpUnlessZero: .init("Jumps by `bc` unless `R[a]` is the number 0 or -0", [from(.a), farJump])
    case .jumpUnlessEqual:
      .init(
        "Jumps by `bc` unless `R[a]` equals the constant", [from(.a), constant, farJump], second: .extend)
    case .jumpUnlessType:
      .init("Jumps by `bc` unless `R[a]` is of type `x`", [from(.a), Operand(.type, .x), farJump])
    case .jumpUnlessTuple:
      .init("Jumps by `bc` unless `R[a]` is a tuple of `x` members", [from(.a), many(.x), farJump])
    case .openTuple:
      .init(
        "`R[b ..< b+x] =` the members of `R[a]` if that is a tuple of `x` members; otherwise jumps by `c`, leaving them",
        [from(.a), many(.x), Operand(.destinations, .b), shortJump])
    case .jumpUnlessTupleFrom:
      .init("Jumps by `bc` unless `R[a]` is a tuple of `x` members or more", [from(.a), many(.x), farJump])
    case .jumpUnlessList:
      .init("Jumps by `bc` unless `R[a]` is a list of `x` members", [from(.a), many(.x), farJump])
    case .jumpUnlessListFrom:
      .init("Jumps by `bc` unless `R[a]` is a list of `x` members or more", [from(.a), many(.x), farJump])
    case .jumpUnlessEqualTo:
      .init("Jumps by `c` unless `R[a]` equals `R[b]`", [from(.a), from(.b), shortJump])
    case .jumpUnlessLess: jumpPair("Jumps by `c` unless `R[a] < R[b]`", "lt?", exchanged: "gt?")
    default: jumpPair("Jumps by `c` unless `R[a] ≤ R[b]`", "lte?", exchanged: "gte?")
    }
  }

  private func jumpPair(_ summary: String, _ slow: String, exchanged: String) -> OpcodeShape {
    .init(
      "\(summary). Slow path: `\(slow)`; with flag `x` = 1 `\(exchanged) (R[b], R[a])`",
      [from(.a), from(.b), flag, slowWindow, shortJump], second: .jumpIfFalsy(arguments: 2),
      window: .second, flags: 2)
  }

  private var collectionRow: OpcodeShape {
    switch self {
    case .tupleMember: .init("`R[a] =` member `c` of the tuple `R[b]`", [to(.a), from(.b), number(.c)])
    case .listMember: .init("`R[a] =` member `c` of the list `R[b]`", [to(.a), from(.b), number(.c)])
    case .tupleRest:
      .init(
        "`R[a] =` the list of the members of the tuple `R[b]` from `c` on", [to(.a), from(.b), number(.c)])
    case .listRest:
      .init("`R[a] =` the list `R[b]` without its first `c` members", [to(.a), from(.b), number(.c)])
    case .dictFind: find("dict")
    case .structFind: find("struct")
    case .dictRest:
      .init(
        "`R[a] =` a dict of the members of `R[b]` (dict or struct) whose keys are not among `R[b+1 ... b+c]`",
        [to(.a), base, many(.c)], range: .init(.b, .c, extra: 1))
    case .loadKey:
      .init(
        "`R[a] = R[b] :key`: nil for what has no keys; panics for a struct or namespace without it",
        [to(.a), from(.b), keyword], second: .extend)
    case .makeTuple: make("`R[a] = (R[b], … R[b+c-1])`")
    case .makeList: make("`R[a] = [R[b], … R[b+c-1]]`")
    case .makeSet: make("`R[a] = ${R[b], … R[b+c-1]}`")
    case .makeDict: make("`R[a] = #{R[b] R[b+1], …}` of `c` pairs; the later of equal keys wins", scale: 2)
    case .makeStruct: make("`R[a] = @{R[b] R[b+1], …}` of `c` pairs", scale: 2)
    case .makeNamespace:
      .init(
        "`R[a] =` a namespace of `c` pairs from `R[b]` on, named by the keyword",
        [to(.a), base, many(.c), keyword], range: .init(.b, .c, scale: 2), second: .extend)
    default: make("`R[a] =` the string of `R[b] … R[b+c-1]`, each as `string` would show it, joined")
    }
  }

  private func find(_ type: String) -> OpcodeShape {
    .init(
      "`R[a] =` what the \(type) `R[b]` has under the constant; jumps by `c`, leaving `R[a]`, "
        + "if `R[b]` is no \(type) or lacks it",
      [to(.a), from(.b), constant, shortJump], second: .extend)
  }

  private func make(_ summary: String, scale: Int = 1) -> OpcodeShape {
    .init(summary, [to(.a), base, many(.c)], range: .init(.b, .c, scale: scale))
  }

  private var operationRow: OpcodeShape {
    switch self {
    case .add: slowTwo("`R[a] = R[b] + R[c]`", "add")
    case .subtract: slowTwo("`R[a] = R[b] - R[c]`", "sub")
    case .multiply: slowTwo("`R[a] = R[b] × R[c]`", "mult")
    case .divide: slowTwo("`R[a] = R[b] ÷ R[c]`; fast unless the divisor is 0", "div")
    case .addInteger:
      .init(
        "`R[a] = R[b] + c`, `c` a signed whole number other than 0. Slow path: `add`; with flag `x` = 1 `sub` "
          + "of `-c`, 2 `inc` (`c` = 1), 3 `dec` (`c` = -1)",
        [to(.a), from(.b), Operand(.integer, .c), flag, slowWindow], second: .move(arguments: 2),
        window: .second, flags: 4)
    case .modulo: slowTwo("`R[a] = R[b] mod R[c]` (sign of the divisor)", "mod")
    case .quotient: slowTwo("`R[a] = R[b] quot R[c]` (truncated)", "quot")
    case .less: compare("`R[a] = R[b] < R[c]`", "lt?", exchanged: "gt?")
    case .lessOrEqual: compare("`R[a] = R[b] ≤ R[c]`", "lte?", exchanged: "gte?")
    case .equal: .init("`R[a] = eq? (R[b], R[c])`", [to(.a), from(.b), from(.c)])
    case .not: .init("`R[a] = not (R[b])`", [to(.a), from(.b)])
    case .at: slowTwo("`R[a] = at (R[b], R[c])`", "at")
    case .count: slowOne("`R[a] = count (R[b])`", "count")
    case .first: slowOne("`R[a] = first (R[b])`", "first")
    case .rest: slowOne("`R[a] = rest (R[b])`", "rest")
    default: slowTwo("`R[a] = append (R[b], R[c])`; fast for a list", "append")
    }
  }

  private func slowTwo(_ summary: String, _ slow: String) -> OpcodeShape {
    .init(
      "\(summary). Slow path: `\(slow)`", [to(.a), from(.b), from(.c), slowWindow],
      second: .move(arguments: 2), window: .second)
  }

  private func compare(_ summary: String, _ slow: String, exchanged: String) -> OpcodeShape {
    .init(
      "\(summary). Slow path: `\(slow)`; with flag `x` = 1 `\(exchanged) (R[c], R[b])`",
      [to(.a), from(.b), from(.c), flag, slowWindow], second: .move(arguments: 2), window: .second, flags: 2)
  }

  private func slowOne(_ summary: String, _ slow: String) -> OpcodeShape {
    .init(
      "\(summary). Slow path: `\(slow)`", [to(.a), from(.b), slowWindow], second: .move(arguments: 1),
      window: .second)
  }

  private var processRow: OpcodeShape {
    switch self {
    case .selfPid: .init("`R[a] = self ()`", [to(.a)])
    case .send: slowTwo("`R[a] = send (R[b], R[c])`", "send")
    case .receiveStart:
      .init(
        "Begins a `receive`; with flag `x` = 1 `R[a]` is the limit of its `after`, checked here, and the clock starts",
        [flag, Operand(.sourceIfFlag, .a)], flags: 2)
    case .receiveNext:
      .init(
        "`R[a] =` the oldest message not yet looked at by this receive; jumps by `bc`, leaving `R[a]`, when "
          + "there is none", [to(.a), farJump])
    case .receiveTake:
      .init("Removes the message that `receiveNext` gave from the mailbox: this receive is over")
    case .receiveHold:
      .init("`R[a] =` where this receive stands, while a guard runs that may itself receive", [to(.a)])
    case .receiveResume:
      .init("Goes on with the receive that stood at `R[a]`, where it has given a message", [from(.a)])
    default:  // receiveWait
      .init(
        "Waits for a message, then jumps by `bc`; goes on behind itself, the receive being over, when the limit "
          + "has passed", [Operand(.window, .a), farJump], window: .register)
    }
  }

  private var panicRow: OpcodeShape {
    switch self {
    case .panicNoMatch:
      .init(
        "Panics `no match: ` and `R[a]` shown; flag `x` = 1: of a `let`", [flag, from(.a)],
        fallsThrough: false, flags: 2)
    case .panicNoClause:
      .init(
        "Panics: no clause took `R[b ..< b+a]`; flag `x` = 0: of this procedure (`b` is 0 and `a` its arity), "
          + "1: of a `loop`", [flag, base, many(.a)], range: .init(.b, .a), fallsThrough: false,
        flags: 2)
    case .panicNoWhen: .init("Panics `no clause of when is true`", fallsThrough: false)
    case .checkCount:
      .init("Panics unless `R[a]` is a whole number ≥ 0 (the count of a `repeat`)", [from(.a)])
    default:
      .init("Not run: an index (`bc`) for the instruction before it", [Operand(.number, .wide)])
    }
  }
}
