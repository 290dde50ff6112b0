import Words
import XCTest

@testable import Memory

/// A copy is isomorphic to the original and shares nothing with it.
final class CopyTests: XCTestCase {
  private let pid = Word(.pid, 7)

  /// A whole large copy in steps of so many words; the cell that carries it.
  private func largeCell(_ word: Word, budget: Int, pool: Pool) -> MessageCell {
    var copy = LargeCopy(word)
    while copy.step(budget: budget) != .done {}
    let cell = MessageCell.make(kind: 0, payload: 0, to: pid, pool: pool)
    cell.value = copy.value
    cell.link = copy.takeChunks()
    return cell
  }

  /// Copies, receives in another heap, collects there, and compares.
  private func checkTravel(
    _ word: Word, by cell: MessageCell, pool: Pool, isTree: Bool, _ what: String, line: UInt = #line
  ) {
    let original = Canon([word], isTree: isTree)
    let inFlight = Canon([cell.value], isTree: isTree)
    XCTAssertTrue(original == inFlight, "\(what): in flight", line: line)
    XCTAssertTrue(
      original.addresses.isDisjoint(with: inFlight.addresses), "\(what): parts are shared", line: line)
    let receiver = TestHeap(words: 32, stack: 1, roots: 1)
    receiver.heap.adopt(cell)
    XCTAssertTrue(cell.isAdopted && cell.link == 0, line: line)
    receiver.setRoot(0, cell.value)
    cell.free(pool: pool)
    XCTAssertNil(receiver.complaint, "\(what): adopted", line: line)
    XCTAssertTrue(original == Canon([receiver.root(0)], isTree: isTree), "\(what): adopted", line: line)
    receiver.collect()
    XCTAssertNil(receiver.complaint, "\(what): collected", line: line)
    XCTAssertTrue(original == Canon([receiver.root(0)], isTree: isTree), "\(what): collected", line: line)
    XCTAssertTrue(original == Canon([word], isTree: isTree), "\(what): the original changed", line: line)
  }

  /// No step does more than it may, however many members an object has.
  func testAWideObjectIsCopiedInSteps() {
    let sender = TestHeap(words: 100_000)
    let word = sender.wideTuple()
    var copy = LargeCopy(word)
    var steps = 0
    var before = copy.work
    while copy.step(budget: 1000) != .done {
      XCTAssertLessThan(copy.work - before, 2000)
      before = copy.work
      steps += 1
    }
    XCTAssertGreaterThan(steps, 60)
    XCTAssertTrue(Canon([copy.value]) == Canon([word]))
    var limited = LargeCopy(word, limit: 10_000)
    XCTAssertEqual(limited.step(budget: Int.max), .tooLarge)
    XCTAssertLessThan(limited.work, 2000, "what is too large was copied")
    let cell = largeCell(word, budget: 777, pool: sender.pool)
    checkTravel(word, by: cell, pool: sender.pool, isTree: false, "a wide tuple")
  }

  /// A pair that is made in the cell is what a tuple would have been, as long as it fits.
  func testPairsAreMadeInTheCell() {
    let sender = TestHeap(words: 200)
    defer { withExtendedLifetime(sender) {} }
    let heap = sender.heap
    let key = Word(.keyword, 3)
    func tuple(_ count: Int) -> HeapObject {
      let tuple = heap.allocate(.tuple, size: count)
      for i in 0..<count { tuple[i] = Word(i) }
      return tuple
    }
    let nested = tuple(2)
    nested[1] = tuple(4).word
    func pairCell(_ value: Word) -> MessageCell? {
      MessageCopy.makePairCell(
        key, value, mayReachRegion: true, kind: 4, to: pid, pool: sender.pool)
    }
    for value in [Word(7), .nil, tuple(7).word, nested.word, heap.makeString("eight by").word] {
      guard let cell = pairCell(value) else { return XCTFail("\(value)") }
      XCTAssertEqual(cell.kind, 4)
      XCTAssertEqual(cell.destination, pid)
      let pair = heap.allocate(.tuple, size: 2)
      pair[0] = key
      pair[1] = value
      let receiver = TestHeap(words: 64, stack: 1, roots: 1)
      receiver.heap.adopt(cell)
      receiver.setRoot(0, cell.value)
      cell.free(pool: sender.pool)
      XCTAssertNil(receiver.complaint)
      XCTAssertTrue(Canon([receiver.root(0)]) == Canon([pair.word]), "\(value)")
    }
    XCTAssertNil(pairCell(tuple(8).word))
  }

  func testSmallMessages() {
    let sender = TestHeap(words: 200)
    defer { withExtendedLifetime(sender) {} }
    let heap = sender.heap
    let pair = heap.allocate(.tuple, size: 2)
    pair[0] = Word(1)
    pair[1] = Word(.keyword, 3)
    let text = heap.makeString("eight by").word
    let outer = heap.allocate(.tuple, size: 3)
    outer[0] = pair.word
    outer[1] = text
    outer[2] = .emptyList
    let full = heap.allocate(.tuple, size: MessageCell.middlePayload - 1)
    for i in 0..<full.size { full[i] = Word(i) }
    for word in [pair.word, text, outer.word, full.word] {
      let words = Canon([word]).words
      XCTAssertEqual(MessageCopy.measure(word, upTo: 100), words)
      guard let cell = MessageCopy.makeCell(word, kind: 2, to: pid, pool: sender.pool) else {
        return XCTFail("\(words) words are small")
      }
      XCTAssertEqual(cell.kind, 2)
      XCTAssertEqual(cell.destination, pid)
      XCTAssertEqual(cell.payloadWords, words)
      checkTravel(word, by: cell, pool: sender.pool, isTree: true, "\(words) words")
    }
  }

  func testImmediatesAndSharedValuesTravelAsTheyAre() {
    let sender = TestHeap()
    defer { withExtendedLifetime(sender) {} }
    let shared = ImmortalArea.publish(sender.heap.makeString("shared").word)
    for word in [Word(-0.0), .nil, Word(.token, 9), shared] {
      let cell = MessageCopy.makeCell(word, kind: 0, to: pid, pool: sender.pool)
      XCTAssertEqual(cell?.value, word)
      XCTAssertEqual(cell?.payloadWords, 0)
      cell?.free(pool: sender.pool)
    }
  }

  /// What is larger than a cell, shared so often that a copy without sharing is large, or maybe cyclic, is no small message.
  func testLargeOnesAreRefused() {
    let sender = TestHeap(words: 400)
    defer { withExtendedLifetime(sender) {} }
    let big = sender.heap.allocate(.tuple, size: MessageCell.middlePayload)
    for i in 0..<big.size { big[i] = .nil }
    var doubled = sender.heap.makeString("x").word
    for _ in 0..<60 {
      let pair = sender.heap.allocate(.tuple, size: 2)
      pair[0] = doubled
      pair[1] = doubled
      doubled = pair.word
    }
    let record = sender.heap.allocate(.environment, size: 1)
    record[0] = record.word
    for word in [big.word, doubled, record.word] {
      XCTAssertGreaterThan(
        MessageCopy.measure(word, upTo: MessageCell.middlePayload), MessageCell.middlePayload)
      XCTAssertNil(MessageCopy.makeCell(word, kind: 0, to: pid, pool: sender.pool))
    }
  }

  func testLargeCopiesOfTreesInStepsOfAnySize() {
    for budget in [1, 7, 100, 1 << 20] {
      let sender = TestHeap(words: 4000)
      defer { withExtendedLifetime(sender) {} }
      var tree = sender.heap.makeString("a leaf").word
      for i in 0..<300 {
        let node = sender.heap.allocate(.tuple, size: 3)
        node[0] = Word(i)
        node[1] = sender.heap.makeString("leaf \(i)").word
        node[2] = tree
        tree = node.word
      }
      checkTravel(
        tree, by: largeCell(tree, budget: budget, pool: sender.pool), pool: sender.pool, isTree: false,
        "budget \(budget)")
    }
  }

  /// Environment records keep their identity, so that copies of cycles end.
  func testLargeCopiesOfAllSmallCyclicGraphs() {
    for degrees in SmallGraphs.shapes {
      let pool = Pool()
      SmallGraphs.forEach(degrees: degrees) { targets in
        let heap = Heap.standalone()
        defer { heap.discard() }
        let root = SmallGraphs.build(heap, degrees: degrees, targets: targets)
        let cell = largeCell(root, budget: 3, pool: pool)
        let copy = Canon([cell.value])
        let original = Canon([root])
        if copy != original || !copy.addresses.isDisjoint(with: original.addresses) {
          XCTFail("\(degrees) \(targets)")
        }
        cell.free(pool: pool)
      }
    }
  }

  func testAnUnfinishedCopyIsGivenUp() {
    let sender = TestHeap(words: 2000)
    defer { withExtendedLifetime(sender) {} }
    var maker = GraphMaker(seed: 3, heap: sender.heap)
    let words = maker.make(objects: 100)
    var copy = LargeCopy(words[8])
    XCTAssertEqual(copy.step(budget: 1), .paused)
  }

  func testGraphCopierKeepsSharingAndCycles() {
    for _ in 0..<40 {
      let seed = UInt64.random(in: 0..<1_000_000)
      let source = Heap.standalone()
      let room = TestHeap(words: 200_000, stack: 0, roots: 0)
      defer { withExtendedLifetime(room) {} }
      defer { source.discard() }
      var maker = GraphMaker(seed: seed, heap: source)
      let roots = maker.make(objects: 1 + Int(seed % 200))
      for tag: UInt64 in [0, 1] {
        var copier = GraphCopier()
        let copy = copier.copy(roots[8], tag: tag) { bytes in
          UInt(room.heap.allocate(.blob, size: bytes / 8 - 1).word.bits)
        }
        let original = Canon([roots[8]])
        XCTAssertTrue(original == Canon([copy]), "seed \(seed), tag \(tag)")
        XCTAssertTrue(original.addresses.isDisjoint(with: Canon([copy]).addresses), "seed \(seed)")
        XCTAssertEqual(copy.isSharedPointer, tag == 1 && copy.isPointer)
      }
    }
  }

  func testPublishing() {
    let heap = Heap.standalone()
    let record = heap.allocate(.environment, size: 2)
    let text = heap.makeString("for all")
    record[0] = record.word
    record[1] = text.word
    let published = ImmortalArea.publish(record.word)
    let large = ImmortalArea.publish(heap.allocate(.blob, size: 100_000).word)
    heap.discard()
    XCTAssertTrue(published.isSharedPointer && large.isSharedPointer)
    XCTAssertEqual(HeapObject(published)[0], published)
    XCTAssertTrue(HeapObject(published)[1].isSharedPointer)
    XCTAssertFalse(published.isCollectablePointer || published.isRegionPointer)
    XCTAssertEqual(StringView(HeapObject(published)[1]).string, "for all")
    XCTAssertEqual(HeapObject(large).size, 100_000)
    XCTAssertEqual(ImmortalArea.publish(published), published)
    XCTAssertEqual(ImmortalArea.publish(Word(3)), Word(3))
  }
}
