import Bytecode
import Memory
import Words

// MARK: Members

extension Machine {
  @inline(__always) mutating func tupleMember(_ i: Operands) -> Step {
    let tuple = get(i.b)
    guard tuple.isObject(.tuple), i.c < HeapObject(tuple).size else { return brokenCode() }
    set(i.a, HeapObject(tuple)[i.c])
    return advance()
  }

  @inline(__always) mutating func openPair(_ i: Operands) -> Step {
    putPair(i) ? advance() : jump(i.signedC)
  }

  @inline(__always) mutating func openTriple(_ i: Operands) -> Step {
    putTriple(i) ? advance() : jump(i.signedC)
  }

  /// The work of `openTuple` for two members; false: it has no such tuple.
  @inline(__always) func putPair(_ i: Operands) -> Bool {
    let tuple = get(i.a)
    guard isTuple(tuple, of: 2) else { return false }
    let first = i.b
    set(first, HeapObject(tuple)[0])
    set(first &+ 1, HeapObject(tuple)[1])
    return true
  }

  /// The same for three.
  @inline(__always) func putTriple(_ i: Operands) -> Bool {
    let tuple = get(i.a)
    guard isTuple(tuple, of: 3) else { return false }
    let first = i.b
    set(first, HeapObject(tuple)[0])
    set(first &+ 1, HeapObject(tuple)[1])
    set(first &+ 2, HeapObject(tuple)[2])
    return true
  }

  /// Whether the value is a tuple of so many members. Size and kind are compared where they stand in the header: taking them
  /// out of it, or masks for it, would be more instructions.
  @inline(__always) func isTuple(_ word: Word, of count: Int) -> Bool {
    guard word.isPointer else { return false }
    let header = unsafe UnsafeRawPointer(bitPattern: UInt(word.bits & ~7)).unsafelyUnwrapped
    return unsafe header.load(fromByteOffset: 4, as: UInt32.self) == UInt32(count)
      && header.load(fromByteOffset: 1, as: UInt8.self) == ObjectKind.tuple.rawValue
  }

  @inline(__always) mutating func listMember(_ i: Operands) -> Step {
    let list = get(i.b)
    guard list.isObject(.list), i.c < ListView(list).count else { return brokenCode() }
    set(i.a, Lists.at(list, i.c))
    return advance()
  }

  /// An instruction met a value that the test before it should have kept away: code that no compiler made.
  @inline(__always) mutating func brokenCode() -> Step {
    save()
    SlowPaths.panic(process, "bad bytecode: an instruction met a value of the wrong type")
    return .request
  }

  @inline(__always) mutating func listRest(_ i: Operands) -> Step {
    guard Lists.isList(get(i.b)) else { return brokenCode() }
    set(i.a, SlowPaths.listRest(process.heap, get(i.b), i.c))
    return advance()
  }

  @inline(__always) mutating func at(_ i: Operands) -> Step {
    let x = get(i.b)
    let y = get(i.c)
    guard x.isPointer, let n = smallInteger(y), n >= 0 else { return callSlowly(.at, x, y) }
    let object = HeapObject(x)
    if object.header.has(.list) {
      set(i.a, n < ListView(x).count ? Lists.at(x, n) : .nil)
    } else if object.header.has(.tuple) {
      set(i.a, n < object.size ? object[n] : .nil)
    } else {
      return callSlowly(.at, x, y)
    }
    return advance(2)
  }

  @inline(__always) mutating func count(_ i: Operands) -> Step {
    let x = get(i.b)
    guard x.isPointer else { return callSlowly(.count, x, .nil) }
    let object = HeapObject(x)
    if object.header.has(.list) {
      set(i.a, Word(ListView(x).count))
    } else if object.header.has(.tuple) {
      set(i.a, Word(object.size))
    } else {
      return callSlowly(.count, x, .nil)
    }
    return advance(2)
  }

  @inline(__always) mutating func first(_ i: Operands) -> Step {
    let x = get(i.b)
    guard x.isPointer else { return callSlowly(.first, x, .nil) }
    let object = HeapObject(x)
    if object.header.has(.list) {
      set(i.a, Lists.at(x, 0))
    } else if object.header.has(.tuple) {
      set(i.a, object[0])
    } else {
      return callSlowly(.first, x, .nil)
    }
    return advance(2)
  }

  @inline(__always) mutating func rest(_ i: Operands) -> Step {
    let x = get(i.b)
    guard x.isObject(.list) else { return callSlowly(.rest, x, .nil) }
    set(i.a, SlowPaths.listRest(process.heap, x, 1))
    return advance(2)
  }
}

// MARK: Making objects

extension Machine {
  @inline(__always) mutating func makePair(_ i: Operands) -> Step {
    set(i.a, pair(i))
    return advance()
  }

  @inline(__always) func pair(_ i: Operands) -> Word {
    let b = i.b
    return process.heap.allocatePair(get(b), get(b &+ 1))
  }

  @inline(__always) mutating func makeTriple(_ i: Operands) -> Step {
    let tuple = process.heap.allocate(.tuple, size: 3)
    let b = i.b
    tuple[0] = get(b)
    tuple[1] = get(b &+ 1)
    tuple[2] = get(b &+ 2)
    set(i.a, tuple.word)
    return advance()
  }

  @inline(__always) mutating func makeClosure(_ i: Operands) -> Step {
    let count = i.c
    let closure = process.heap.allocate(.closure, size: 1 &+ count)
    closure.setRaw(0, second)
    var k = 0
    while k < count {
      closure[1 &+ k] = get(i.b &+ k)
      k &+= 1
    }
    set(i.a, closure.word)
    return advance(2)
  }
}
