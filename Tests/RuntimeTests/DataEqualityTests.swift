import Memory
import Words
import XCTest

@testable import Runtime

final class DataEqualityTests: XCTestCase {
  /// Values of every type, ascending, each in a row of equal ones; NaN aside.
  private func ladder(_ heap: Heap) -> [[Word]] {
    var work = Work()
    let functions = (0..<8).map { makeFunction(heap, ordinal: $0) }
    let plain = Word(.function, functions[5])
    func string(_ text: String) -> Word { heap.makeString(text).word }
    func tuple(_ members: Word...) -> Word { Tuples.make(heap, count: members.count) { members[$0] } }
    func list(_ members: Word...) -> Word { Lists.make(heap, count: members.count) { members[$0] } }
    func set(_ members: [Word]) -> Word { Sets.make(heap, count: members.count, &work) { members[$0] } }
    func dict(_ members: [Word]) -> Word {
      Dicts.make(
        heap, count: members.count / 2, &work, key: { members[$0 * 2] }, value: { members[$0 * 2 + 1] })
    }
    func closure(_ index: Int, _ capture: Word) -> Word {
      let object = heap.allocate(.closure, size: 2)
      object.setRaw(0, functions[index])
      object[1] = capture
      return object.word
    }
    func partial(_ hole: Int, _ callee: Word, _ argument: Word) -> Word {
      let object = heap.allocate(.partial, size: 3)
      object.setRaw(0, UInt64(hole))
      object[1] = callee
      object[2] = argument
      return object.word
    }
    func structure(_ name: String, _ value: Word) -> Word {
      Structs.make(heap, count: 1, &work, key: { _ in Keywords.intern(name) }, value: { _ in value })
    }
    func namespace(_ name: String, _ value: Word) -> Word {
      Namespaces.make(
        heap, name: Keywords.intern(name), count: 1, &work, key: { _ in Keywords.intern("k") },
        value: { _ in value })
    }
    let one = Word(1)
    let two = Word(2)
    let numbers = (0..<40).map { Word($0) }
    var swapped = numbers
    swapped[39] = Word(40)
    let sliced = Lists.drop(heap, makeList(heap, [9, 1, 2]), 1)
    return [
      [.nil], [.false], [.true], [Word(-Double.infinity)], [Word(-1.5)], [Word(0.0), Word(-0.0)], [one],
      [Word(Double.infinity)], [Keywords.intern("a")], [Keywords.intern("b")],
      [string(""), string("")], [string("a"), string("a")], [string("ab")], [string("b")], [string("é")],
      [.emptyTuple], [tuple(one), tuple(one)], [tuple(two)], [tuple(one, one)], [tuple(one, tuple(one))],
      [.emptyList], [list(one)], [list(one, two), sliced], [list(two)], [list(list(one))],
      [.emptySet], [set([one]), set([one, one])], [set([two])], [set([one, two]), set([two, one])],
      [set(numbers), set(numbers.reversed())], [set(swapped)],
      [.emptyDict], [dict([one, one])], [dict([one, two]), dict([one, one, one, two])], [dict([two, one])],
      [dict(numbers + numbers), dict(numbers + numbers)],
      [.emptyStruct], [structure("a", one), structure("a", one)], [structure("a", two)],
      [structure("b", one)],
      [namespace("m", one), namespace("m", one)], [namespace("n", one)], [namespace("m", two)],
      [closure(3, one), closure(3, one)], [closure(3, two)], [plain], [closure(7, one)],
      [partial(0, plain, one), partial(0, plain, one)],
      [partial(1, plain, one)],
      [Word(.ref, 1)], [Word(.ref, 2)], [Word(.pid, 1)], [Word(.pid, 9)], [Word(.token, 1)],
    ]
  }

  func testTheLadderIsAscendingAndEqualityAgrees() {
    withHeap { heap in
      let steps = ladder(heap)
      for (i, row) in steps.enumerated() {
        for (k, other) in steps.enumerated() {
          for x in row {
            for y in other {
              var work = Work()
              let order = Ordering.compare(x, y, &work)
              XCTAssertEqual(order.signum(), (i - k).signum(), "\(shown(x)) and \(shown(y))")
              XCTAssertEqual(Equality.equal(x, y, &work), i == k, "\(shown(x)) and \(shown(y))")
              if i == k {
                XCTAssertEqual(Hashing.hash(x, &work), Hashing.hash(y, &work), "\(shown(x)), \(shown(y))")
              }
            }
          }
        }
      }
    }
  }

  func testHashesDiffer() {
    withHeap { heap in
      var work = Work()
      var met: [UInt64: Word] = [:]
      for row in ladder(heap) {
        let other = met.updateValue(row[0], forKey: Hashing.hash(row[0], &work))
        XCTAssertNil(other, "\(shown(row[0])) and \(shown(other ?? .nil))")
      }
    }
  }

  /// A random value; few different leaves, so that equal ones come up.
  private func value(_ heap: Heap, _ random: inout Seeded, _ depth: Int) -> Word {
    var work = Work()
    let leaves: [Word] = [
      .nil, .true, Word(0), Word(1), Word(2), Word(Double.nan), Keywords.intern("a"), .emptyList, .emptySet,
    ]
    if depth == 0 || random.below(4) == 0 { return leaves[random.below(leaves.count)] }
    let size = random.below(10) == 0 ? 40 : random.below(4)
    let members = (0..<size).map { _ in value(heap, &random, depth - 1) }
    switch random.below(4) {
    case 0: return Tuples.make(heap, count: size) { members[$0] }
    case 1: return Lists.make(heap, count: size) { members[$0] }
    case 2: return Sets.make(heap, count: size, &work) { members[$0] }
    default:
      return Dicts.make(heap, count: size, &work, key: { members[$0] }, value: { members[size - 1 - $0] })
    }
  }

  func testOrderIsTotalOnRandomValues() {
    for seed in UInt64(0)..<30 {
      withHeap { heap in
        var random = Seeded(seed)
        var work = Work()
        let values = (0..<24).map { _ in value(heap, &random, 3) }
        for x in values {
          XCTAssertEqual(Ordering.compare(x, x, &work), 0, "seed \(seed)")
          for y in values {
            let order = Ordering.compare(x, y, &work).signum()
            XCTAssertEqual(order, -Ordering.compare(y, x, &work).signum(), "seed \(seed)")
            let isEqual = Equality.equal(x, y, &work)
            XCTAssertEqual(isEqual, Equality.equal(y, x, &work), "seed \(seed)")
            if isEqual {
              XCTAssertEqual(order, 0, "seed \(seed)")
              XCTAssertEqual(Hashing.hash(x, &work), Hashing.hash(y, &work), "seed \(seed)")
            } else if order == 0 {
              XCTAssertTrue(shown(x).contains("nan"), "seed \(seed): \(shown(x)) \(shown(y))")
            }
            for z in values where order <= 0 && Ordering.compare(y, z, &work) <= 0 {
              XCTAssertLessThanOrEqual(Ordering.compare(x, z, &work), 0, "seed \(seed)")
            }
          }
        }
      }
    }
  }

  func testNaN() {
    withHeap { heap in
      var work = Work()
      let nan = Word(Double.nan)
      XCTAssertFalse(Equality.equal(nan, nan, &work))
      XCTAssertGreaterThan(Ordering.compare(nan, Word(Double.infinity), &work), 0)
      XCTAssertLessThan(Ordering.compare(nan, Keywords.intern("a"), &work), 0)
      let list = Lists.make(heap, count: 100) { $0 == 50 ? nan : Word($0) }
      XCTAssertFalse(Equality.equal(list, list, &work))
      let tuple = Tuples.make(heap, list, Word(1))
      XCTAssertFalse(Equality.equal(tuple, tuple, &work))
    }
  }

  /// Nested 100,000 deep: on a thread's usual stack, recursion would not come back.
  func testDeepValues() {
    withHeap { heap in
      var work = Work()
      func nest(_ inner: Word, _ wrap: (Word) -> Word) -> Word {
        (0..<100_000).reduce(inner) { x, _ in wrap(x) }
      }
      let wraps: [(Word) -> Word] = [
        { x in Lists.make(heap, count: 1) { _ in x } },
        { x in Tuples.make(heap, Word(1), x) },
        { x in Tuples.make(heap, x, Word(1)) },
      ]
      for wrap in wraps {
        let (x, y, z) = (nest(Word(1), wrap), nest(Word(1), wrap), nest(Word(2), wrap))
        XCTAssertTrue(Equality.equal(x, y, &work))
        XCTAssertFalse(Equality.equal(x, z, &work))
        XCTAssertEqual(Ordering.compare(x, y, &work), 0)
        XCTAssertLessThan(Ordering.compare(x, z, &work), 0)
        XCTAssertEqual(Hashing.hash(x, &work), Hashing.hash(y, &work))
      }
    }
  }

  /// Dicts of 33 keys, each the value of the next: what is deep is not in the keys.
  func testDeepDicts() {
    withHeap { heap in
      var work = Work()
      let base = (0..<33).reduce(Word.emptyDict) { Dicts.insert(heap, $0, Word($1), .nil, &work) }
      func nest(_ inner: Word) -> Word {
        (0..<10_000).reduce(inner) { x, _ in Dicts.insert(heap, base, Word(7), x, &work) }
      }
      XCTAssertTrue(Equality.equal(nest(Word(1)), nest(Word(1)), &work))
      XCTAssertFalse(Equality.equal(nest(Word(1)), nest(Word(2)), &work))
      XCTAssertEqual(Ordering.compare(nest(Word(1)), nest(Word(1)), &work), 0)
      XCTAssertLessThan(Ordering.compare(nest(Word(1)), nest(Word(2)), &work), 0)
    }
  }

  /// Pairs of the same pair, 60 levels: 2^60 members if sharing were not seen.
  func testSharedParts() {
    withHeap { heap in
      var work = Work()
      func tower(_ leaf: Word) -> Word { (0..<60).reduce(leaf) { x, _ in Tuples.make(heap, x, x) } }
      XCTAssertTrue(Equality.equal(tower(Word(1)), tower(Word(1)), &work))
      XCTAssertFalse(Equality.equal(tower(Word(1)), tower(Word(2)), &work))
      XCTAssertEqual(Ordering.compare(tower(Word(1)), tower(Word(1)), &work), 0)
      XCTAssertLessThan(Ordering.compare(tower(Word(1)), tower(Word(2)), &work), 0)
      XCTAssertEqual(Hashing.hash(tower(Word(1)), &work), Hashing.hash(tower(Word(1)), &work))
      XCTAssertLessThan(work.done, 10_000_000)
    }
  }

  /// Closures that reach themselves through their environment.
  func testCycles() {
    withHeap { heap in
      var work = Work()
      let functions = (0..<4).map { makeFunction(heap, ordinal: $0) }
      func knot(_ index: Int, _ other: Int, _ value: Word) -> Word {
        let environment = heap.allocate(.environment, size: 3)
        func closure(_ index: Int) -> Word {
          let object = heap.allocate(.closure, size: 2)
          object.setRaw(0, functions[index])
          object[1] = environment.word
          return object.word
        }
        let first = closure(index)
        environment[0] = first
        environment[1] = closure(other)
        environment[2] = value
        return first
      }
      let (x, y) = (knot(1, 2, Word(1)), knot(1, 2, Word(1)))
      XCTAssertTrue(Equality.equal(x, y, &work))
      XCTAssertEqual(Ordering.compare(x, y, &work), 0)
      XCTAssertEqual(Hashing.hash(x, &work), Hashing.hash(y, &work))
      XCTAssertFalse(Equality.equal(x, knot(1, 2, Word(2)), &work))
      XCTAssertLessThan(Ordering.compare(x, knot(1, 2, Word(2)), &work), 0)
      XCTAssertFalse(Equality.equal(x, knot(1, 3, Word(1)), &work))
    }
  }
}
