import Bytecode
import Memory
import Words

// MARK: Members

extension Machine {
  @inline(__always) mutating func tupleMember(_ i: Instruction) -> Step {
    let tuple = get(i.b)
    guard tuple.isObject(.tuple), i.c < HeapObject(tuple).size else { return brokenCode() }
    set(i.a, HeapObject(tuple)[i.c])
    return advance()
  }

  /// An instruction met a value that the test before it should have kept away: code that no compiler made.
  @inline(__always) mutating func brokenCode() -> Step {
    save()
    SlowPaths.panic(process, "bad bytecode: an instruction met a value of the wrong type")
    return .request
  }

  @inline(__always) mutating func listRest(_ i: Instruction) -> Step {
    guard Lists.isList(get(i.b)) else { return brokenCode() }
    set(i.a, SlowPaths.listRest(process.heap, get(i.b), i.c))
    return advance()
  }

  @inline(__always) mutating func at(_ i: Instruction) -> Step {
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

  @inline(__always) mutating func count(_ i: Instruction) -> Step {
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

  @inline(__always) mutating func first(_ i: Instruction) -> Step {
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

  @inline(__always) mutating func rest(_ i: Instruction) -> Step {
    let x = get(i.b)
    guard x.isObject(.list) else { return callSlowly(.rest, x, .nil) }
    set(i.a, SlowPaths.listRest(process.heap, x, 1))
    return advance(2)
  }
}

// MARK: Making objects

extension Machine {
  @inline(__always) mutating func makeTuple(_ i: Instruction) -> Step {
    let count = i.c
    guard count > 0 else {
      set(i.a, .emptyTuple)
      return advance()
    }
    let tuple = process.heap.allocate(.tuple, size: count)
    var k = 0
    while k < count {
      tuple[k] = get(i.b &+ k)
      k &+= 1
    }
    set(i.a, tuple.word)
    return advance()
  }

  @inline(__always) mutating func makeClosure(_ i: Instruction) -> Step {
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
