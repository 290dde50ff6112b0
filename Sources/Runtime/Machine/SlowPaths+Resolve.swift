import Memory
import Words

/// What calling a value comes to.
enum Resolution {
  /// The code to enter; the arguments stand where its frame will start.
  case enter(UInt)
  /// No code is needed: the call's result.
  case value(Word)
  /// The process has asked for something: a panic, or more room.
  case stop
}

extension SlowPaths {
  /// Finds what a call of the value in register `callee` comes to, and brings the arguments (registers from `arguments` on)
  /// into the form that it wants: partial applications are spread out, variadic functions get a list.
  @inline(never) static func resolve(
    _ process: Process, callee: Int, arguments: Int, count: Int
  ) -> Resolution {
    let frame = unsafe process.block.pointee.frame.unsafelyUnwrapped
    let place = unsafe frame + arguments
    return unsafe resolve(process, Word(bits: frame[callee]), unsafe: place, count: count)
  }

  static func resolve(
    _ process: Process, _ value: Word, unsafe place: UnsafeMutablePointer<UInt64>, count: Int
  ) -> Resolution {
    var value = value
    var count = count
    // All room that a chain of partial applications needs, before the first of them moves an argument.
    guard unsafe hasRoom(process, place, wordsToSpread(value) + count + 1) else { return .stop }
    while true {
      if let function = FunctionInfo(value) {
        return unsafe resolve(process, value, function, place, count)
      }
      guard count == 1 || !(value.isKeyword || value.isObject(.partial)) else {
        panicMany(process, value, (0..<count).lazy.map { unsafe Word(bits: place[$0]) })
        return .stop
      }
      if value.isKeyword {
        let result = unsafe key(process, Word(bits: place[0]), value)
        return result == .request ? .stop : .value(result)
      }
      guard value.isObject(.partial) else {
        panic(process, "not a function: \(Show.text(value))")
        return .stop
      }
      let partial = HeapObject(value)
      unsafe spread(partial, place)
      count = partial.size - 1
      value = partial[1]
    }
  }

  /// The panic of what is no function, and was called with other than one argument.
  static func panicMany(_ process: Process, _ value: Word, _ arguments: some Sequence<Word>) {
    if value.isKeyword { return panic(process, "a keyword takes one argument") }
    if !value.isObject(.partial) { return panic(process, "not a function: \(Show.text(value))") }
    panic(
      process, "no match: anonymous was called with (\(Show.text(of: arguments)))",
      detail: "a partial application takes one argument")
  }

  private static func resolve(
    _ process: Process, _ value: Word, _ function: FunctionInfo, _ place: UnsafeMutablePointer<UInt64>,
    _ count: Int
  ) -> Resolution {
    let fixed = function.code(arity: count)
    if fixed != 0 {
      if CodeEntry(unsafe: fixed).needsClosure { unsafe place[count] = value.bits }
      return .enter(fixed)
    }
    let variadic = function.variadicCode(count: count)
    if variadic != 0 {
      let list =
        count == 0
        ? Word.emptyList
        : Lists.make(process.heap, count: count) { unsafe Word(bits: place[$0]) }
      unsafe place[0] = list.bits
      if CodeEntry(unsafe: variadic).needsClosure { unsafe place[1] = value.bits }
      return .enter(variadic)
    }
    let arguments = (0..<count).lazy.map { unsafe Word(bits: place[$0]) }
    panicNoClause(process, function, arguments)
    return .stop
  }

  /// Puts a partial application's own arguments around the one at `place`.
  private static func spread(_ partial: HeapObject, _ place: UnsafeMutablePointer<UInt64>) {
    let hole = Int(partial.raw(0))
    let given = unsafe place[0]
    for k in 0..<partial.size - 2 { unsafe place[k < hole ? k : k + 1] = partial[2 + k].bits }
    unsafe place[hole] = given
  }

  /// The arguments that a chain of partial applications adds.
  private static func wordsToSpread(_ value: Word) -> Int {
    var value = value
    var words = 2
    while value.isObject(.partial) {
      words += HeapObject(value).size - 2
      value = HeapObject(value)[1]
    }
    return words
  }

  /// Whether `words` registers from `place` on lie below the heap; if not, the process asks for a collection that makes
  /// room, and then for the same instruction. If so, they are the stack's from now on: what is allocated before they
  /// are read again (the list of a variadic call) stays out of them.
  static func hasRoom(_ process: Process, _ place: UnsafeMutablePointer<UInt64>, _ words: Int) -> Bool {
    let block = unsafe process.block
    let end = UInt(bitPattern: place) + UInt(words) * 8
    if end <= process.heap.lowestObject {
      if unsafe end > block.pointee.heap.stackTop { unsafe block.pointee.heap.stackTop = end }
      return true
    }
    unsafe block.pointee.neededWords = words + 16
    process.heap.requestCollection()
    unsafe block.pointee.request = .again
    return false
  }
}
