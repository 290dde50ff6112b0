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

  @inline(__always) mutating func listMember(_ i: Instruction) -> Step {
    let list = get(i.b)
    guard list.isObject(.list), i.c < ListView(list).count else { return brokenCode() }
    set(i.a, Lists.at(list, i.c))
    return advance()
  }

  /// An instruction met a value that the test before it should have kept away: code that no compiler made.
  @inline(__always) mutating func brokenCode() -> Step {
    save()
    SlowPaths.panic(process, "bad bytecode: an instruction met a value of the wrong type")
    return stop(.request)
  }

  @inline(__always) mutating func tupleRest(_ i: Instruction) -> Step {
    guard Tuples.isTuple(get(i.b)) else { return brokenCode() }
    set(i.a, SlowPaths.tupleRest(process.heap, get(i.b), i.c))
    return advance()
  }

  @inline(__always) mutating func listRest(_ i: Instruction) -> Step {
    guard Lists.isList(get(i.b)) else { return brokenCode() }
    set(i.a, SlowPaths.listRest(process.heap, get(i.b), i.c))
    return advance()
  }

  @inline(__always) mutating func find(_ i: Instruction, _ type: TypeCode) -> Step {
    let (found, work) = SlowPaths.find(get(i.b), Word(bits: second), type)
    reductions -= work
    guard found != .absent else { return jump(i.signedC) }
    set(i.a, found)
    return advance(2)
  }

  @inline(__always) mutating func dictRest(_ i: Instruction) -> Step {
    save()
    set(i.a, SlowPaths.dictRest(process, i.b, i.c))
    reload()
    return advance()
  }

  @inline(__always) mutating func loadKey(_ i: Instruction) -> Step {
    save()
    let result = SlowPaths.key(process, get(i.b), Word(bits: second))
    if result == .request { return stop(.request) }
    set(i.a, result)
    return advance(2)
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

  @inline(__always) mutating func makeEnvironment(_ i: Instruction) -> Step {
    let environment = process.heap.allocate(.environment, size: i.c)
    for k in 0..<i.c { environment[k] = .unbound }
    set(i.a, environment.word)
    return advance()
  }

  @inline(__always) mutating func loadEnvironment(_ i: Instruction) -> Step {
    let environment = get(i.b)
    guard environment.isObject(.environment), i.c < HeapObject(environment).size else { return brokenCode() }
    let value = HeapObject(environment)[i.c]
    guard value != .unbound else {
      save()
      SlowPaths.panicUnbound(process, Keywords.name(Word(bits: second)))
      return stop(.request)
    }
    set(i.a, value)
    return advance(2)
  }

  @inline(__always) mutating func storeEnvironment(_ i: Instruction) -> Step {
    let environment = get(i.a)
    guard environment.isObject(.environment), i.c < HeapObject(environment).size else { return brokenCode() }
    HeapObject(environment)[i.c] = get(i.b)
    return advance()
  }

  @inline(__always) mutating func makePartial(_ i: Instruction) -> Step {
    let partial = process.heap.allocate(.partial, size: 2 &+ i.c)
    partial.setRaw(0, UInt64(i.x))
    for k in 0...i.c { partial[1 &+ k] = get(i.b &+ k) }
    set(i.a, partial.word)
    return advance()
  }

  @inline(__always) mutating func makeList(_ i: Instruction) -> Step {
    save()
    set(i.a, SlowPaths.makeList(process, i.b, i.c))
    return advance()
  }

  @inline(__always) mutating func make(_ i: Instruction, _ type: TypeCode) -> Step {
    save()
    set(i.a, SlowPaths.makeCollection(process, type, i.b, i.c))
    reload()
    return advance()
  }

  @inline(__always) mutating func makeNamespace(_ i: Instruction) -> Step {
    save()
    set(i.a, SlowPaths.makeNamespace(process, Word(bits: second), i.b, i.c))
    reload()
    return advance(2)
  }

  @inline(__always) mutating func interpolate(_ i: Instruction) -> Step {
    save()
    set(i.a, SlowPaths.interpolate(process, i.b, i.c))
    reload()
    return advance()
  }

  // MARK: Toplevel names

  /// A global is two words: its value and its name.
  @inline(__always) mutating func loadGlobal(_ i: Instruction) -> Step {
    let value = SlowPaths.global(second)
    guard value != .unbound else {
      save()
      SlowPaths.panicUnbound(process, SlowPaths.globalName(second))
      return stop(.request)
    }
    set(i.a, value)
    return advance(2)
  }

  @inline(__always) mutating func storeGlobal(_ i: Instruction) -> Step {
    SlowPaths.storeGlobal(second, get(i.a))
    return advance(2)
  }
}
