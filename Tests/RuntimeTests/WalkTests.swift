import Memory
import Words
import XCTest

@testable import Runtime
@testable import struct Runtime.Process

/// Comparisons in steps: what they answer is what they would have answered at once, and no step is long.
final class WalkTests: XCTestCase {
  /// Random values of all collections, with parts in common; large ones among them.
  private struct Maker {
    let heap: Heap
    var random: Seeded
    var parts: [Word] = [Word(0), Word(1), .true, Keywords.intern("k")]

    mutating func value() -> Word {
      let count = [0, 1, 2, 3, 40, 200][random.below(6)]
      let kind = random.below(6)
      let isOrdered = kind < 2
      let members = (0..<count).map { _ in
        random.below(4) == 0 ? Word(random.below(50)) : isOrdered ? part() : key()
      }
      var work = Work()
      let made: Word =
        switch kind {
        case 0: Tuples.make(heap, count: count) { members[$0] }
        case 1: Lists.make(heap, count: count) { members[$0] }
        case 2: Sets.make(heap, count: count, &work) { members[$0] }
        case 3:
          Dicts.make(
            heap, count: count, &work, key: { members[$0] }, value: { members[($0 + 1) % count] })
        case 4: Word(random.below(3))
        default: heap.makeString(String(repeating: "s", count: count * 1000)).word
        }
      parts.append(made)
      return made
    }

    private mutating func part() -> Word { parts[random.below(parts.count)] }

    /// Small, because a comparison within the sorting of a set is broken off for a process only.
    private mutating func key() -> Word {
      random.below(2) == 0
        ? Word(random.below(500)) : Tuples.make(heap, Word(random.below(5)), Word(random.below(5)))
    }
  }

  func testStepsAnswerAsOneLongRunDoes() {
    for seed in 1...15 {
      withHeap { heap in
        var maker = Maker(heap: heap, random: Seeded(UInt64(seed)))
        var twin = Maker(heap: heap, random: Seeded(UInt64(seed)))
        for i in 0..<30 {
          let (x, y) = (maker.value(), twin.value())
          let other = maker.parts[maker.random.below(maker.parts.count)]
          _ = twin.random.below(twin.parts.count)
          compare(x, y, "seed \(seed), value \(i)")
          compare(x, other, "seed \(seed), value \(i) and another")
        }
      }
    }
  }

  private func compare(_ x: Word, _ y: Word, _ note: String) {
    guard x.isPointer, y.isPointer, HeapObject(x).kind == HeapObject(y).kind else { return }
    let (a, b) = (HeapObject(x), HeapObject(y))
    var whole = Work()
    var walk = EqualityWalk()
    let isEqual = steps(note, { walk.run(a, b, &$0) }, { walk.resume(&$0) })
    XCTAssertEqual(isEqual, Equality.equal(x, y, &whole), note)
    var order = OrderWalk()
    let answer = steps(note, { order.run(a, b, &$0) }, { order.resume(&$0) })
    XCTAssertEqual(answer.signum(), Ordering.compare(x, y, &whole).signum(), note)
  }

  /// Runs until there is an answer; each step with as little work as may be.
  private func steps<Answer>(
    _ note: String, _ begin: (inout Work) -> Answer?, _ goOn: (inout Work) -> Answer?
  ) -> Answer {
    var work = Work(limit: 0)
    var answer = begin(&work)
    while true {
      // What a step may be too long by: a piece of text, or the members of a node.
      XCTAssertLessThan(work.done, Work.least + Equality.textAtOnce >> 6 + 256, note)
      if let answer { return answer }
      work = Work(limit: 0)
      answer = goOn(&work)
    }
  }

  // MARK: Natives

  /// What a native gave, and what it took.
  private struct Run {
    var result = Word.nil
    var attempts = 0
    /// The most reductions that one attempt was charged.
    var most = 0
  }

  private func run(_ process: Process, _ native: (NativeCall) -> Word, _ arguments: Word...) -> Run {
    var run = Run()
    repeat {
      let (before, start) = (process.heapWords, 4000)
      unsafe process.block.pointee.reductions = start
      run.result = process.call(
        native, arguments[0], arguments.count > 1 ? arguments[1] : .nil,
        arguments.count > 2 ? arguments[2] : .nil, arguments.count > 3 ? arguments[3] : .nil)
      run.most = unsafe max(run.most, start - process.block.pointee.reductions)
      run.attempts += 1
      if run.result != .request { break }
      XCTAssertEqual(process.request, .again)
      if run.attempts > 1, process.work is KnownComparisons {
        XCTAssertLessThanOrEqual(process.heapWords, before, "garbage of attempts in vain")
      }
    } while run.attempts < 100_000
    XCTAssertNil(process.work, "what was found out must go with the operation")
    return run
  }

  /// It took several attempts, none of them long.
  private func checkSteps(_ run: Run, line: UInt = #line) {
    XCTAssertGreaterThan(run.attempts, 1, line: line)
    XCTAssertLessThan(run.most, 10_000, line: line)
  }

  private func longList(_ process: Process, _ count: Int, last: Int) -> Word {
    Lists.make(process.heap, count: count) { Word($0 == count - 1 ? last : $0) }
  }

  func testLargeListsAreComparedInSteps() {
    let process = World().spawn()
    let (x, y) = (longList(process, 1_000_000, last: 1), longList(process, 1_000_000, last: 1))
    let z = longList(process, 1_000_000, last: 2)
    for (other, isEqual, order) in [(y, true, 0), (z, false, -1)] {
      let equality = run(process, ValueNatives.equal, x, other)
      checkSteps(equality)
      XCTAssertEqual(equality.result, Word(isEqual))
      let comparison = run(process, ValueNatives.compare, x, other)
      checkSteps(comparison)
      XCTAssertEqual(comparison.result, Word(order))
    }
  }

  func testDeepValuesAreComparedInSteps() {
    let process = World().spawn()
    func nest(_ inner: Word) -> Word {
      (0..<100_000).reduce(inner) { x, i in Tuples.make(process.heap, x, Word(i)) }
    }
    let (x, y, z) = (nest(Word(1)), nest(Word(1)), nest(Word(2)))
    for (other, isEqual) in [(y, true), (z, false)] {
      let equality = run(process, ValueNatives.equal, x, other)
      checkSteps(equality)
      XCTAssertEqual(equality.result, Word(isEqual))
      checkSteps(run(process, ValueNatives.compare, x, other))
    }
  }

  func testManyPairsOfTuplesAreComparedInSteps() {
    let process = World().spawn()
    func make() -> Word {
      Lists.make(process.heap, count: 200_000) { Tuples.make(process.heap, Word($0), Word(1)) }
    }
    let equality = run(process, ValueNatives.equal, make(), make())
    checkSteps(equality)
    XCTAssertEqual(equality.result, .true)
  }

  func testLargeKeysAreFoundInSteps() {
    let process = World().spawn()
    var work = Work()
    let keys = (0..<50).map { longList(process, 30_000, last: $0) }
    let dict = Dicts.make(process.heap, count: 50, &work, key: { keys[$0] }, value: { Word($0) })
    let set = Sets.make(process.heap, count: 20, &work) { keys[$0] }
    let wanted = longList(process, 30_000, last: 17)
    let found = run(process, DictNatives.get, dict, wanted, .nil)
    checkSteps(found)
    XCTAssertEqual(found.result, Word(17))
    let put = run(process, DictNatives.put, dict, longList(process, 30_000, last: 99), Word(99))
    checkSteps(put)
    XCTAssertEqual(Dicts.count(put.result), 51)
    let removed = run(process, SetNatives.remove, set, wanted)
    checkSteps(removed)
    XCTAssertEqual(Sets.count(removed.result), 19)
    XCTAssertNil(Collection<SetShape>.brokenInvariant(removed.result))
    let extended = run(
      process, SetNatives.extend, set, Lists.make(process.heap, count: 50) { keys[$0] }, Word(0), Word(50))
    checkSteps(extended)
    XCTAssertEqual(Sets.count(extended.result), 50)
    XCTAssertNil(Collection<SetShape>.brokenInvariant(extended.result))
  }

  func testListsOfLargeMembersAreSortedAndSearchedInSteps() {
    let process = World().spawn()
    let members = (0..<60).map { longList(process, 20_000, last: ($0 * 37) % 60) }
    let list = Lists.make(process.heap, count: 60) { members[$0] }
    let sorted = run(process, SortNatives.sort, list, .false)
    checkSteps(sorted)
    XCTAssertEqual((0..<60).map { Lists.last(Lists.at(sorted.result, $0)).integer }, Array(0..<60))
    let found = run(process, ListNatives.find, list, longList(process, 20_000, last: 5), Word(0), Word(60))
    checkSteps(found)
    XCTAssertEqual(found.result, members.firstIndex { Lists.last($0).integer == 5 }.map { Word($0) })
  }

  func testLargeSetsAreOrderedInSteps() {
    let process = World().spawn()
    var work = Work()
    func make(_ odd: Int) -> Word {
      Sets.make(process.heap, count: 50_000, &work) { i in
        Tuples.make(process.heap, Word(i == 40_000 ? odd : i), longList(process, 3, last: i))
      }
    }
    let comparison = run(process, ValueNatives.compare, make(40_000), make(-1))
    checkSteps(comparison)
    XCTAssertEqual(comparison.result, Word(1))
  }

  func testTuplesAndListsBecomeOneAnotherInSteps() {
    let process = World().spawn()
    let list = longList(process, 1_000_000, last: -1)
    let tuple = run(process, ListNatives.listTuple, list)
    checkSteps(tuple)
    let back = run(process, ListNatives.tupleList, tuple.result)
    checkSteps(back)
    XCTAssertTrue(Equality.equal(list, back.result))
  }
}

extension Process {
  /// Words of the heap that are in objects.
  fileprivate var heapWords: Int {
    let state = unsafe block.pointee.heap
    return Int(state.end - heap.lowestObject) / 8 + state.chunkWords
  }
}
