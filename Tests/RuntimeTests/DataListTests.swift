import Memory
import Words
import XCTest

@testable import Runtime

final class DataListTests: XCTestCase {
  static let sizes = [
    0, 1, 2, 31, 32, 33, 63, 64, 65, 1023, 1024, 1025, 1055, 1056, 1057, 1089, 32768, 32801, 33000,
  ]

  func check(
    _ list: Word, _ expected: [Int], _ note: @autoclosure () -> String = "", line: UInt = #line
  ) {
    XCTAssertEqual(Lists.count(list), expected.count, note(), line: line)
    if list == .emptyList { return }
    XCTAssertNil(ListView(list).brokenInvariant(), note(), line: line)
    XCTAssertEqual(integers(list), expected, note(), line: line)
    for i in expected.indices where Lists.at(list, i) != Word(expected[i]) {
      return XCTFail("member \(i) \(note())", line: line)
    }
  }

  func testEverySizeInEveryWayOfBuilding() {
    for size in Self.sizes {
      withHeap { heap in
        let expected = Array(0..<size)
        check(makeList(heap, expected), expected, "builder \(size)")
        check(Lists.make(heap, count: size) { Word($0) }, expected, "make \(size)")
        var appended = Word.emptyList
        var prepended = Word.emptyList
        for i in 0..<size {
          appended = Lists.append(heap, appended, Word(i))
          prepended = Lists.prepend(heap, prepended, Word(size - 1 - i))
        }
        check(appended, expected, "append \(size)")
        check(prepended, expected, "prepend \(size)")
        var work = Work()
        XCTAssertTrue(Equality.equal(appended, prepended, &work))
      }
    }
  }

  func testAShortListIsOneLeaf() {
    withHeap { heap in
      for size in 1...32 {
        XCTAssertEqual(ListView(makeList(heap, 0..<size)).root, .absent)
        XCTAssertEqual(ListView(makeList(heap, 0..<size)).tail.size, size)
      }
    }
  }

  func testAllSlicesOfSmallAndSomeOfLargeLists() {
    withHeap { heap in
      for size in [0, 1, 5, 32, 33, 65, 70] {
        let list = makeList(heap, 0..<size)
        for low in -1...size + 1 {
          for high in -1...size + 1 {
            let from = min(max(low, 0), size)
            let to = min(max(high, 0), size)
            check(
              Lists.slice(heap, list, low, high), from < to ? Array(from..<to) : [], "\(size) \(low) \(high)")
          }
        }
      }
      let large = makeList(heap, 0..<40_000)
      for (low, high) in [(0, 32), (31, 33), (1000, 39_999), (32_767, 32_769), (39_990, 40_000), (5, 1030)] {
        check(Lists.slice(heap, large, low, high), Array(low..<high))
      }
    }
  }

  func testWalkingByRest() {
    withHeap { heap in
      var list = makeList(heap, 0..<5000)
      for i in 0..<5000 {
        XCTAssertEqual(Lists.first(list), Word(i))
        list = Lists.rest(heap, list)
      }
      XCTAssertEqual(list, .emptyList)
    }
  }

  /// A queue whose members come and go keeps no trie of what has gone.
  func testASlidingWindowStaysSmall() {
    withHeap { heap in
      var list = makeList(heap, 0..<100)
      for i in 100..<50_000 {
        list = Lists.rest(heap, Lists.append(heap, list, Word(i)))
        XCTAssertLessThan(ListView(list).offset, 2048)
      }
      check(list, Array(49_900..<50_000))
    }
  }

  func testGrowthAtBothEnds() {
    withHeap { heap in
      var list = Word.emptyList
      for i in 0..<40_000 {
        list = Lists.append(heap, list, Word(i))
        list = Lists.prepend(heap, list, Word(-i - 1))
      }
      check(list, Array(-40_000..<40_000))
      XCTAssertLessThanOrEqual(ListView(list).shift, 20)
    }
  }

  func testConcatOfAllPairsOfSizes() {
    let sizes = [0, 1, 2, 20, 31, 32, 33, 64, 100, 1024, 1056, 1100]
    for left in sizes {
      for right in sizes {
        withHeap { heap in
          var work = 0
          let x = makeList(heap, 0..<left)
          let y = makeList(heap, left..<left + right)
          check(Lists.concat(heap, x, y, &work), Array(0..<left + right), "\(left) \(right)")
          XCTAssertLessThanOrEqual(work, min(left, right))
        }
      }
    }
  }

  func testOldVersionsStay() {
    withHeap { heap in
      let old = makeList(heap, 0..<1100)
      _ = Lists.append(heap, old, Word(1))
      _ = Lists.prepend(heap, old, Word(1))
      _ = Lists.set(heap, old, 3, Word(99))
      _ = Lists.set(heap, old, 1099, Word(99))
      let taken = Lists.take(heap, old, 500)
      _ = Lists.append(heap, taken, Word(1))
      check(old, Array(0..<1100))
      check(taken, Array(0..<500))
    }
  }

  func testRandomOperationsAgainstArrays() {
    for seed in UInt64(1)...60 {
      let withOne: ((Heap) -> Void) -> Void = { seed % 2 == 0 ? self.withHeap($0) : self.withBlockHeap($0) }
      withOne { heap in
        var random = Seeded(seed)
        var lists: [(Word, [Int])] = [(.emptyList, [])]
        for _ in 0..<120 {
          let (list, model) = lists[random.below(lists.count)]
          let (newList, newModel) = step(heap, list, model, lists, &random)
          guard newModel.count < 20_000 else { continue }
          check(newList, newModel, "seed \(seed)")
          for (list, model) in lists where model.count < 200 {
            check(list, model, "an older list, seed \(seed)")
          }
          lists.append((newList, newModel))
          if lists.count > 8 { lists.remove(at: random.below(lists.count)) }
        }
      }
    }
  }

  private func step(
    _ heap: Heap, _ list: Word, _ model: [Int], _ others: [(Word, [Int])], _ random: inout Seeded
  ) -> (Word, [Int]) {
    let n = model.isEmpty ? 0 : random.below(model.count + 1)
    var work = 0
    switch random.below(10) {
    case 0:
      let x = random.below(1000)
      return (Lists.append(heap, list, Word(x)), model + [x])
    case 1:
      let x = random.below(1000)
      return (Lists.prepend(heap, list, Word(x)), [x] + model)
    case 2: return (Lists.drop(heap, list, n), Array(model.dropFirst(n)))
    case 3: return (Lists.take(heap, list, n), Array(model.prefix(n)))
    case 4 where n < model.count:
      var changed = model
      changed[n] = -7
      return (Lists.set(heap, list, n, Word(-7)), changed)
    case 5, 6:
      let (other, otherModel) = others[random.below(others.count)]
      return (Lists.concat(heap, list, other, &work), model + otherModel)
    case 7, 8:
      let more = (0...random.below(32)).map { _ in random.below(1000) }
      return (Lists.extend(heap, list, count: more.count) { Word(more[$0]) }, model + more)
    default:
      let more = (0..<random.below(200)).map { _ in random.below(1000) }
      var builder = ListBuilder(heap, extending: list)
      for x in more { builder.append(Word(x)) }
      return (builder.finish(), model + more)
    }
  }

  /// A tail is filled where it lies, once (L5).
  func testTailsAreFilled() {
    withBlockHeap { heap in
      var list = Word.emptyList
      for i in 0..<40 { list = Lists.append(heap, list, Word(i)) }
      let one = Lists.append(heap, list, Word(-1))
      let other = Lists.append(heap, list, Word(-2))
      XCTAssertEqual(ListView(one).tail, ListView(list).tail)
      XCTAssertNotEqual(ListView(other).tail, ListView(list).tail)
      check(list, Array(0..<40))
      check(one, Array(0..<40) + [-1])
      check(other, Array(0..<40) + [-2])
      let part = Lists.append(heap, Lists.take(heap, list, 35), Word(-3))
      check(part, Array(0..<35) + [-3])
      let rest = Lists.append(heap, Lists.drop(heap, other, 38), Word(-4))
      XCTAssertEqual(ListView(rest).tail, ListView(other).tail)
      check(rest, [38, 39, -2, -4])
      XCTAssertTrue(heap.mayFill(ListView(list).tail))
      XCTAssertFalse(heap.mayFill(HeapObject(ImmortalArea.publish(list))))
    }
    withHeap { heap in
      let list = Lists.append(heap, makeList(heap, 0..<3), Word(3))
      XCTAssertEqual(ListView(list).tail.size, 4, "no room where nothing is filled")
      XCTAssertFalse(heap.mayFill(ListView(list).tail))
    }
  }

  /// A list neither keeps alive nor takes along in a message what was appended to a newer one (L6).
  func testPointersAreNotFilledIn() {
    withBlockHeap { heap in
      let tuple = Tuples.make(heap, Word(1), Word(2))
      for count in [1, 5, 31, 32, 40, 63] {
        var list = Word.emptyList
        for i in 0..<count { list = Lists.append(heap, list, Word(i)) }
        let tail = ListView(list).tail
        let before = (0..<tail.size).map { tail[$0] }
        _ = Lists.append(heap, list, tuple)
        _ = Lists.extend(heap, list, count: 8) { $0 == 7 ? tuple : Word($0) }
        XCTAssertEqual((0..<tail.size).map { tail[$0] }, before, "\(count)")
        let next = Lists.append(heap, list, Word(-1))
        check(next, Array(0..<count) + [-1])
      }
    }
  }

  /// A list costs what it is to have for each member that is appended: an object of three words, and its share of the leaves.
  func testAppendingIsCheap() {
    let words = 1 << 16
    withBlockHeap(words: words) { heap in
      var list = Word.emptyList
      for i in 0..<10_000 { list = Lists.append(heap, list, Word(i)) }
      check(list, Array(0..<10_000))
    }
  }

  func testSortIsStableAndRight() {
    for (seed, count) in [0, 1, 2, 7, 8, 9, 16, 17, 100, 1000, 5000].enumerated() {
      withHeap { heap in
        var random = Seeded(UInt64(seed))
        var work = Work()
        let numbers = (0..<count).map { _ in random.below(max(1, count / 3)) }
        XCTAssertEqual(integers(Lists.sort(heap, makeList(heap, numbers), &work)), numbers.sorted())
        let pairs = Lists.make(heap, count: count) { Tuples.make(heap, Word(numbers[$0]), Word($0)) }
        let expected = (0..<count).sorted { (numbers[$0], $0) < (numbers[$1], $1) }
        XCTAssertEqual(integers(Lists.sortPairs(heap, pairs, &work)), expected)
      }
    }
  }
}
