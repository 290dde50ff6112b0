import Words
import XCTest

@testable import Memory

/// When a heap that comes to hold region objects asks for a full collection, and how much it counts as held.
final class RegionHoldsTests: XCTestCase {
  private let sender = TestHeap(words: 64, stack: 1)
  /// What a row of so many leaves takes is more than is no reason for a collection (8 MiB).
  private static let leaves = 12_000
  private static let leafWords = 99

  /// Promotes a new row of leaves, 9 MiB; the sender holds it.
  private func makeGraph(_ n: Int, of owner: TestHeap? = nil) -> Word {
    let sender = owner ?? sender
    let heap = sender.heap
    let row = heap.allocate(.tuple, size: Self.leaves)
    for i in 0..<Self.leaves {
      let leaf = heap.allocate(.tuple, size: Self.leafWords)
      for k in 0..<Self.leafWords { leaf[k] = Word(n + i + k) }
      row[i] = leaf.word
    }
    var promotion = Promotion(row.word, of: heap)
    while promotion.step(budget: 1 << 20) == .paused {}
    let value = promotion.value
    sender.setStack(0, value)
    sender.collect()
    return value
  }

  /// A text of 9 MiB that nobody holds.
  private func makeText() -> Word {
    let words = 9 << 17
    let address = Region.makeUnscanned(bytes: (words + 1) * 8)
    let text = Word(bits: UInt64(address) | 1)
    unsafe HeapObject(text).address.pointee = Header(.string, size: words).bits
    return text
  }

  /// Whether the heap asks for a full collection; then it gets one.
  private func collectsIfAsked(_ receiver: TestHeap) -> Bool {
    guard let more = unsafe receiver.state.pointee.more, unsafe more.pointee.wantsFull else { return false }
    receiver.collectFull()
    return true
  }

  /// How many full collections a heap asks for that receives these words in turn, and keeps only the latest.
  private func collections(receiving words: some Sequence<Word>) -> Int {
    let receiver = TestHeap(words: 64, stack: 1)
    var count = 0
    for word in words {
      receiver.heap.hold(word)
      if collectsIfAsked(receiver) { count += 1 }
      receiver.setStack(0, .nil)
    }
    return count
  }

  /// Parts of one graph, each of which is let go of at once.
  func testPartsOfOneGraphAskForOneCollection() {
    let graph = HeapObject(makeGraph(0))
    let parts = (0..<20_000).map { graph[$0 * 7 % Self.leaves] }
    XCTAssertLessThanOrEqual(collections(receiving: parts), 3)
    withExtendedLifetime(sender) {}
  }

  /// Likewise of some graphs that come by turns, by messages in chunks.
  func testPartsInChunksAskForFewCollections() {
    let senders = (0..<3).map { _ in TestHeap(words: 64, stack: 1) }
    let graphs = senders.indices.map { HeapObject(makeGraph($0, of: senders[$0])) }
    let receiver = TestHeap(words: 64, stack: 1)
    var count = 0
    for i in 0..<3_000 {
      var roots = SharedRoots()
      roots.insert(graphs[i % 3][i].bits)
      receiver.heap.hold(all: roots)
      if collectsIfAsked(receiver) { count += 1 }
    }
    XCTAssertLessThanOrEqual(count, 6)
    withExtendedLifetime(senders) {}
  }

  /// Each of these may be garbage when the next one comes: none waits longer than until then.
  func testEachNewGraphAsksForACollection() {
    var count = 0
    let receiver = TestHeap(words: 64, stack: 1)
    for n in 0..<5 {
      receiver.heap.hold(makeGraph(n))
      if collectsIfAsked(receiver) { count += 1 }
    }
    XCTAssertEqual(count, 5)
  }

  /// So does each large text, also where the last one lay.
  func testEachNewTextAsksForACollection() {
    let receiver = TestHeap(words: 64, stack: 1)
    for n in 0..<20 {
      receiver.heap.hold(makeText())
      XCTAssertTrue(collectsIfAsked(receiver), "text \(n)")
      Region.collect()
    }
  }

  /// The same text again and again, while Boehm does not collect, is new once.
  func testATextThatComesAgainAsksForOneCollection() {
    let text = makeText()
    sender.heap.hold(text)
    XCTAssertLessThanOrEqual(collections(receiving: repeatElement(text, count: 200)), 3)
    withExtendedLifetime(sender) {}
  }

  /// A limit finds a graph that has come again, though that is no reason for a collection without a limit; and a part more of what
  /// is held already counts nothing.
  func testALimitMeetsWhatComesAgain() {
    let graph = HeapObject(makeGraph(0))
    let receiver = TestHeap(words: 64, stack: 1)
    unsafe receiver.state.pointee.limitWords = 1_500_000
    receiver.heap.hold(graph[1])
    XCTAssertFalse(unsafe receiver.state.pointee.isOverLimit)
    for round in 0..<4 {
      receiver.setStack(0, graph[1])
      receiver.collectFull()
      for i in 0..<100 { receiver.heap.hold(graph[i]) }
      XCTAssertFalse(unsafe receiver.state.pointee.isOverLimit, "round \(round): a graph counts once")
      receiver.setStack(0, .nil)
      receiver.collectFull()
      XCTAssertLessThan(unsafe receiver.state.pointee.wordsWithRegion, 1_000, "round \(round)")
      receiver.heap.hold(graph[2])
      XCTAssertGreaterThan(unsafe receiver.state.pointee.wordsWithRegion, 1_000_000, "round \(round)")
      unsafe receiver.state.pointee.limitWords = 1_000_000
      XCTAssertTrue(unsafe receiver.state.pointee.isOverLimit, "round \(round)")
      receiver.heap.hold(graph[500 + round])
      XCTAssertTrue(collectsIfAsked(receiver), "round \(round): nobody asks what is held")
      unsafe receiver.state.pointee.limitWords = 1_500_000
    }
    withExtendedLifetime(sender) {}
  }

  /// Roots of a graph that is not new cost something themselves.
  func testManyRootsAskForACollection() {
    var holds = RegionHolds()
    let graph = makeGraph(0)
    holds.begin(with: SharedRoots())
    holds.add(root: graph.bits)
    holds.begin(with: SharedRoots())
    var count = 0
    while !holds.asksForCollection && count < 1 << 20 {
      holds.add(root: graph.bits)
      count += 1
    }
    XCTAssertGreaterThan(count, 1_000)
    XCTAssertLessThan(count, 100_000)
  }
}
