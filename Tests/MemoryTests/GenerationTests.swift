import Words
import XCTest

@testable import Memory

/// Heaps with two generations: whatever is collected in whatever order, what the roots reach stays as it was.
final class GenerationTests: XCTestCase {
  /// Makes objects, stores into environment records old and new, drops roots, and collects now this way, now that.
  private func play(seed: UInt64, rounds: Int) {
    var random = Seeded(seed)
    let test = TestHeap(words: 64, stack: 6, roots: 4)
    for round in 0..<rounds {
      var maker = GraphMaker(seed: random.next(), heap: test.heap, known: test.everyRoot)
      let words = maker.make(objects: 1 + random.below(60))
      for _ in 0..<random.below(6) { test.setStack(random.below(6), words[random.below(words.count)]) }
      for _ in 0..<random.below(3) { test.setRoot(random.below(4), words[random.below(words.count)]) }
      storeSomewhere(test, &random)
      XCTAssertNil(test.complaint, "seed \(seed), round \(round), before")
      let before = Canon(test.everyRoot)
      let kind = random.below(8)
      switch unsafe (kind, test.state.pointee.isGenerational) {
      case (0, _): test.collect()
      case (1, _), (_, false): test.collectFull(need: random.below(100))
      case (2, _): test.collectMinor(deep: random.below(7), need: random.below(1000))
      default: test.collectMinor()
      }
      let place = "seed \(seed), round \(round), kind \(kind)"
      XCTAssertTrue(before == Canon(test.everyRoot), "\(place): another graph")
      if let wrong = test.complaint { return XCTFail("\(place): \(wrong)") }
    }
  }

  /// Writes roots into environment records that the roots reach.
  private func storeSomewhere(_ test: TestHeap, _ random: inout Seeded) {
    for address in Canon(test.everyRoot).addresses.sorted() where random.below(3) == 0 {
      let object = HeapObject(Word(bits: address))
      guard object.kind == .environment, object.size > 0 else { continue }
      let i = random.below(object.size)
      object[i] = test.stack(random.below(6))
      test.heap.didStore(into: object, i)
    }
  }

  func testRandomHistories() {
    for _ in 0..<60 { play(seed: UInt64.random(in: 0..<1_000_000), rounds: 40) }
  }

  /// The first collection keeps a new object young, the second makes it old, the third leaves it where it is.
  func testPromotionOnTheSecondCollection() {
    let test = TestHeap(words: 64, stack: 2, roots: 0)
    test.collectFull()
    _ = test.heap.makeString("garbage, so that what survives has to move")
    let pair = test.heap.allocate(.tuple, size: 1)
    pair[0] = Word(7)
    test.setStack(0, pair.word)
    test.collectMinor()
    unsafe XCTAssertEqual(test.state.pointee.oldWords, 0)
    XCTAssertNotEqual(test.stack(0), pair.word)
    test.collectMinor()
    unsafe XCTAssertEqual(test.state.pointee.oldWords, 2)
    let old = test.stack(0)
    test.collectMinor()
    XCTAssertEqual(test.stack(0), old)
    XCTAssertEqual(HeapObject(old)[0], Word(7))
    test.collectFull()
    XCTAssertNotEqual(test.stack(0), old)
  }

  /// An old record that was stored into keeps what it points at alive, though nothing else does.
  func testStoresIntoOldRecords() {
    let test = TestHeap(words: 64, stack: 1, roots: 0)
    let record = test.heap.allocate(.environment, size: 2)
    for i in 0..<2 { record[i] = .unbound }
    test.setStack(0, record.word)
    test.collectFull()
    let old = HeapObject(test.stack(0))
    let young = test.heap.allocate(.tuple, size: 1)
    young[0] = old.word
    old[1] = young.word
    XCTAssertNotNil(test.complaint, "the check sees a place that nobody remembers")
    test.heap.didStore(into: old, 1)
    XCTAssertNil(test.complaint)
    test.collectMinor()
    XCTAssertNil(test.complaint)
    XCTAssertEqual(HeapObject(old[1])[0], old.word)
    XCTAssertNotEqual(old[1], young.word)
  }

  /// What the part of the stack below the watermark reaches is old afterwards, and is looked at no more.
  func testTheWatermark() {
    let test = TestHeap(words: 64, stack: 8, roots: 0)
    test.collectFull()
    for i in 0..<8 {
      let pair = test.heap.allocate(.tuple, size: 1)
      pair[0] = Word(i)
      test.setStack(i, pair.word)
    }
    XCTAssertNotNil(test.complaint(settled: 5), "the check sees young words below a watermark")
    test.collectMinor(deep: 5)
    XCTAssertNil(test.complaint(settled: 5))
    XCTAssertNotNil(test.complaint(settled: 6))
    unsafe XCTAssertEqual(test.state.pointee.oldWords, 10)
    let settled = (0..<5).map(test.stack)
    test.collectMinor(settled: 5, deep: 5)
    XCTAssertEqual((0..<5).map(test.stack), settled)
    for i in 0..<8 { XCTAssertEqual(HeapObject(test.stack(i))[0], Word(i)) }
  }

  /// A heap that grows steadily is moved a few times in all, not once for each collection.
  func testMovingIsLinear() {
    let test = TestHeap(words: 64, stack: 1, roots: 0)
    let count = 200_000
    var moved = test.collectFull()
    for i in 0..<count {
      let pair = test.heap.allocate(.tuple, size: 2)
      pair[0] = Word(i)
      pair[1] = test.stack(0)
      test.setStack(0, pair.word)
      guard unsafe test.state.pointee.wantsCollection else { continue }
      let kind = test.heap.dueCollection(liveStack: 1, sizing: TestHeap.sizing)
      if kind == .minor { moved += test.collectMinor() } else { moved += test.collectFull() }
    }
    XCTAssertLessThan(moved, count * 3 * 6)
    XCTAssertNil(test.complaint)
    XCTAssertLessThan(test.blockWords, 1_000)
  }

  /// The block follows the stack, up and down.
  func testTheBlockFollowsTheStack() {
    let test = TestHeap(words: 64, stack: 2, roots: 0)
    test.setStack(0, test.heap.makeString("some text that is alive").word)
    test.collectFull()
    for need in [0, 5_000, 20_000, 0] {
      test.collectMinor(need: need)
      XCTAssertGreaterThanOrEqual(test.freeWords, need)
      XCTAssertLessThan(test.blockWords, need * 4 + 1_000)
      XCTAssertNil(test.complaint)
      XCTAssertEqual(StringView(test.stack(0)).string, "some text that is alive")
    }
  }

  /// A large message becomes old where it lies; a small one is copied.
  func testReceivedMessages() {
    let test = TestHeap(words: 64, stack: 2, roots: 0)
    test.collectFull()
    for (slot, words) in [(0, 3_000), (1, 100)] {
      let source = Heap.standalone()
      let tuple = source.allocate(.tuple, size: words)
      for i in 0..<words { tuple[i] = Word(i) }
      var copy = LargeCopy(tuple.word)
      while copy.step(budget: 1_000) != .done {}
      source.discard()
      let cell = MessageCell.make(kind: 0, payload: 0, to: .nil, pool: test.pool)
      cell.value = copy.value
      cell.link = copy.takeChunks()
      test.heap.adopt(cell)
      test.setStack(slot, cell.value)
      cell.free(pool: test.pool)
    }
    let before = (test.stack(0), test.stack(1))
    test.collectMinor()
    XCTAssertEqual(test.stack(0), before.0)
    XCTAssertNotEqual(test.stack(1), before.1)
    XCTAssertNil(test.complaint)
    test.collectFull()
    XCTAssertNotEqual(test.stack(0), before.0)
    XCTAssertEqual(HeapObject(test.stack(0))[2_999], Word(2_999))
  }

  /// Messages that wait are roots anywhere in memory: a heap with generations is collected after so many new ones, however
  /// little they take; those that come and go do not count, nor those that a collection has visited.
  func testManyNewRootsAskForACollection() {
    let heap = TestHeap(words: 5_000)
    heap.collectFull()
    func adoptUntilAsked() -> Int {
      var count = 0
      while !(unsafe heap.state.pointee.wantsCollection) && count < 100_000 {
        heap.heap.didAdoptRoot()
        count += 1
      }
      return count
    }
    for _ in 0..<50_000 {
      heap.heap.didAdoptRoot()
      heap.heap.didDisownRoot()
    }
    XCTAssertFalse(unsafe heap.state.pointee.wantsCollection, "they are gone")
    for _ in 0..<3 {
      let count = adoptUntilAsked()
      XCTAssertGreaterThan(count, 500)
      XCTAssertLessThan(count, 2_000)
      heap.collectMinor()
    }
    heap.collectFull()
    XCTAssertGreaterThan(adoptUntilAsked(), 500)
  }
}
