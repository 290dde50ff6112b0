import Bytecode
import Memory
import Words

/// Instructions that are worth no place in the loop: they work on the paused process.
@safe struct Uncommon {
  private let process: Process
  private let i: Instruction

  /// Runs the instruction at the process's `pc` and moves `pc` on.
  @inline(never) static func run(_ process: Process, _ i: Instruction) -> Step {
    let uncommon = Uncommon(process: process, i: i)
    // SAFETY: verified code, as in the loop.
    switch unsafe unsafeBitCast(i.code, to: Opcode.self) {
    case .loadGlobal: return uncommon.loadGlobal()
    case .storeGlobal: return uncommon.storeGlobal()
    case .makeEnvironment: return uncommon.makeEnvironment()
    case .loadEnvironment: return uncommon.loadEnvironment()
    case .storeEnvironment: return uncommon.storeEnvironment()
    case .makePartial: return uncommon.makePartial()
    case .jumpUnlessTupleFrom:
      let tuple = uncommon.get(i.a)
      return uncommon.advance(Tuples.isTuple(tuple) && Tuples.count(tuple) >= i.x ? 1 : i.wide)
    case .jumpUnlessListFrom:
      let list = uncommon.get(i.a)
      return uncommon.advance(Lists.isList(list) && Lists.count(list) >= i.x ? 1 : i.wide)
    case .openTuple: return uncommon.openTuple()
    case .tupleRest: return uncommon.tupleRest()
    case .dictFind: return uncommon.find(.dict)
    case .structFind: return uncommon.find(.struct)
    case .dictRest: return uncommon.setMade(SlowPaths.dictRest(process, i.b, i.c))
    case .loadKey: return uncommon.loadKey()
    case .makeTuple: return uncommon.makeTuple()
    case .makeList: return uncommon.set(SlowPaths.makeList(process, i.b, i.c))
    case .makeSet: return uncommon.setMade(SlowPaths.makeCollection(process, .set, i.b, i.c))
    case .makeDict: return uncommon.setMade(SlowPaths.makeCollection(process, .dict, i.b, i.c))
    case .makeStruct: return uncommon.setMade(SlowPaths.makeCollection(process, .struct, i.b, i.c))
    case .makeNamespace:
      return uncommon.setMade(SlowPaths.makeNamespace(process, uncommon.constant, i.b, i.c), words: 2)
    case .interpolate: return uncommon.interpolate()
    case .receiveStart: return uncommon.receiveStart()
    case .receiveWait: return uncommon.receiveWait()
    case .receiveHold: return uncommon.set(Receiving.hold(process))
    case .receiveResume:
      Receiving.resume(process, at: uncommon.get(i.a))
      return uncommon.advance()
    case .panicNoMatch: return uncommon.panic { SlowPaths.panicNoMatch(process, uncommon.get(i.a)) }
    case .panicNoClause:
      return uncommon.panic {
        SlowPaths.panicNoClause(process, first: i.x == 1 ? i.b : 0, count: i.a, isLoop: i.x == 1)
      }
    case .panicNoWhen: return uncommon.panic { SlowPaths.panic(process, "no clause of when is true") }
    case .checkCount: return uncommon.checkCount()
    default: return uncommon.broken("this instruction is not one of the uncommon ones")
    }
  }

  // MARK: Registers and pc

  private func get(_ register: Int) -> Word { SlowPaths.register(process, register) }

  private func advance(_ words: Int = 1) -> Step {
    unsafe process.block.pointee.pc = process.block.pointee.pc.unsafelyUnwrapped + words
    return .next
  }

  private func set(_ word: Word, words: Int = 1) -> Step {
    unsafe process.block.pointee.frame.unsafelyUnwrapped[i.a] = word.bits
    return advance(words)
  }

  /// The same of what may have to be made again in the next slice.
  private func setMade(_ word: Word, words: Int = 1) -> Step {
    word == .request ? .request : set(word, words: words)
  }

  private var second: UInt64 { unsafe process.block.pointee.pc.unsafelyUnwrapped[1] }
  private var constant: Word { Word(bits: second) }

  private func panic(_ body: () -> Void) -> Step {
    body()
    return .request
  }

  /// An instruction met a value that the test before it should have kept away: code that no compiler made.
  private func broken(_ what: String) -> Step { panic { SlowPaths.panic(process, "bad bytecode: \(what)") } }

  private func interpolate() -> Step { setInSteps(SlowPaths.interpolate(process, i.b, i.c)) }

  /// The same of what may have been refused room, too.
  private func setInSteps(_ word: Word) -> Step {
    if process.heap.isExhausted { return panic { SlowPaths.panic(process, "out of memory") } }
    return setMade(word)
  }

  // MARK: Names

  private func loadGlobal() -> Step {
    let value = SlowPaths.global(second)
    if value != .unbound { return set(value, words: 2) }
    return panic { SlowPaths.panicUnbound(process, SlowPaths.globalName(second)) }
  }

  private func storeGlobal() -> Step {
    guard let value = Sharing.left(process, get(i.a), atSafepoint: false) else { return .request }
    SlowPaths.storeGlobal(second, value)
    return advance(2)
  }

  private func makeEnvironment() -> Step {
    let environment = process.heap.allocate(.environment, size: i.c)
    for k in 0..<i.c { environment[k] = .unbound }
    return set(environment.word)
  }

  private func loadEnvironment() -> Step {
    let environment = get(i.b)
    guard environment.isObject(.environment), i.c < HeapObject(environment).size else {
      return broken("no environment record")
    }
    let value = HeapObject(environment)[i.c]
    if value != .unbound { return set(value, words: 2) }
    return panic { SlowPaths.panicUnbound(process, Keywords.name(constant)) }
  }

  private func storeEnvironment() -> Step {
    let environment = get(i.a)
    guard environment.isObject(.environment), environment.isPrivatePointer || process.heap.isSingle,
      i.c < HeapObject(environment).size
    else { return broken("no environment record") }
    HeapObject(environment)[i.c] = get(i.b)
    process.heap.didStore(into: HeapObject(environment), i.c)
    return advance()
  }

  // MARK: Members

  private func makePartial() -> Step {
    let partial = process.heap.allocate(.partial, size: 2 + i.c)
    partial.setRaw(0, UInt64(i.x))
    for k in 0...i.c { partial[1 + k] = get(i.b + k) }
    return set(partial.word)
  }

  /// Of no member, or of more than those that the loop makes.
  private func makeTuple() -> Step {
    set(Tuples.make(process.heap, count: i.c) { get(i.b + $0) })
  }

  /// A tuple of other than two or three members.
  private func openTuple() -> Step {
    let tuple = get(i.a)
    guard Tuples.isTuple(tuple), Tuples.count(tuple) == i.x else { return advance(i.signedC) }
    for k in 0..<i.x {
      unsafe process.block.pointee.frame.unsafelyUnwrapped[i.b + k] = HeapObject(tuple)[k].bits
    }
    return advance()
  }

  private func tupleRest() -> Step {
    guard Tuples.isTuple(get(i.b)) else { return broken("no tuple") }
    return setInSteps(SlowPaths.tupleRest(process, get(i.b), i.c))
  }

  private func find(_ type: TypeCode) -> Step {
    let (found, work) = SlowPaths.find(get(i.b), constant, type)
    process.charge(work)
    return found == .absent ? advance(i.signedC) : set(found, words: 2)
  }

  private func loadKey() -> Step {
    let result = SlowPaths.key(process, get(i.b), constant)
    return result == .request ? .request : set(result, words: 2)
  }

  // MARK: Numbers

  private func checkCount() -> Step {
    if let n = get(i.a).integer, n >= 0 { return advance() }
    return panic { SlowPaths.panicCount(process, get(i.a)) }
  }

  // MARK: Receiving

  private func receiveStart() -> Step {
    Receiving.start(process, limit: i.x == 1 ? get(i.a) : .absent) ? advance() : .request
  }

  private func receiveWait() -> Step {
    switch Receiving.wait(process) {
    case .look: return advance(i.wide)
    case .timeIsUp: return advance()
    case .sleep:
      unsafe process.block.pointee.liveRegisters = i.a
      _ = advance(i.wide)
      return .waiting
    }
  }
}
