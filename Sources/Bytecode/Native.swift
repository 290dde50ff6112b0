/// The operations that the VM offers to the Prelude, which calls them as `native/name (…)`.
/// A case's raw value is the number that `callNative` carries; Docs/Prelude.md says how to add one.
public enum Native: UInt16, CaseIterable, Sendable {
  // MARK: Any value
  case typeOf, equal, compare, show

  // MARK: Numbers
  case isWhole, divide, modulo, remainder, quotient
  case minimum, maximum, absolute, floor, ceiling, round, truncate
  case squareRoot, power, exponential, logarithm, logarithmTo
  case sine, cosine, tangent, arcSine, arcCosine, arcTangent, arcTangent2
  case bitAnd, bitOr, bitXor, bitShift, parseNumber
  case random, randomBelow, seed

  // MARK: Any collection
  case count, at

  // MARK: Strings
  case joinStrings, joinShown, byteCount, stringConcat, stringSlice, stringHas, stringFind, stringStarts,
    stringEnds
  case stringPad, stringReplace, stringSplit, stringWords, stringLines, stringTrim, stringStrip, stringUpcase,
    stringDowncase
  case stringReverse, stringRepeat, stringCode, stringFromCode, keywordName

  // MARK: Lists and tuples
  case tupleList, listTuple, listAppend8, listPrepend, listSet
  case listTake, listDrop, listSlice, listConcat, listExtend, listExtendReversed
  case listZip, listRepeat, rangeCount, listRange, listCharacters, listFind, listHasStrings, listSort,
    listMerge, listSum

  // MARK: Sets
  case setHas, setAdd, setRemove, setExtend, setList

  // MARK: Dicts, structs, namespaces
  case get, getKey, hasKey, dictPut, dictRemove, dictExtend, keys, values, pairs, members

  // MARK: Functions
  case apply, takes, documentation

  // MARK: Output, input, time
  case write, writeLine, writeError, readLine, readFile, writeFile, arguments, environment
  case now, monotonic

  // MARK: Processes
  case panic, finish, selfPid, spawn, send, queued, flush, token, isAlive, yieldSlice, exitSelf, exitOther
  case awaitBegin, awaitCancel, callBegin, callEnd, reply, spawnWith, setPolicy
  case refMake, refPid
  case share, isShared, memory

  /// The word behind `native/`.
  public var name: String { "\(self)" }

  /// The number of arguments.
  public var arity: Int {
    switch self {
    case .random, .readLine, .arguments, .now, .monotonic, .selfPid, .queued, .token, .yieldSlice,
      .memory:
      0
    case .typeOf, .show, .isWhole, .absolute, .floor, .ceiling, .round, .truncate, .squareRoot,
      .exponential,
      .logarithm, .sine, .cosine, .tangent, .arcSine, .arcCosine, .arcTangent, .parseNumber, .randomBelow,
      .seed,
      .count, .stringWords, .stringLines, .stringStrip, .stringUpcase, .stringDowncase, .stringReverse,
      .stringCode,
      .stringFromCode, .keywordName, .byteCount, .tupleList, .listTuple, .setList, .keys, .values, .pairs,
      .documentation,
      .write, .writeLine, .writeError, .readFile, .environment, .panic, .finish, .spawn, .isAlive, .exitSelf,
      .awaitBegin, .refPid, .setPolicy, .share, .isShared:
      1
    case .equal, .compare, .divide, .modulo, .remainder, .quotient, .minimum, .maximum, .power, .logarithmTo,
      .arcTangent2, .bitAnd, .bitOr, .bitXor,
      .bitShift,
      .at, .joinStrings, .joinShown, .stringConcat, .stringHas, .stringFind, .stringStarts, .stringEnds,
      .stringSplit,
      .stringRepeat, .listPrepend, .listTake, .listDrop, .listConcat, .listSort, .setHas,
      .setAdd,
      .setRemove, .getKey, .hasKey, .dictRemove, .apply, .takes, .writeFile, .send, .exitOther, .flush,
      .awaitCancel, .callBegin,
      .callEnd,
      .reply, .refMake:
      2
    case .stringSlice, .stringTrim, .listHasStrings, .stringReplace, .listSet, .listSlice, .listRepeat,
      .rangeCount, .get,
      .dictPut, .spawnWith:
      3
    case .stringPad, .listExtend, .listExtendReversed, .listCharacters, .listFind, .setExtend,
      .dictExtend, .listSum:
      4
    case .listZip, .listRange, .members: 5
    case .listMerge: 6
    case .listAppend8: 9
    }
  }
}
