import Words
import XCTest

@testable import Memory

/// What is promoted is equal to what it was, points into no private heap, and lives as long as somebody holds it.
final class RegionTests: XCTestCase {
  private let pid = Word(.pid, 7)

  /// Promotes in steps of so many words.
  private func promote(_ word: Word, of heap: Heap, budget: Int = 1 << 20, words: Int? = nil) -> Word {
    var promotion = Promotion(word, of: heap, words: words)
    while true {
      switch promotion.step(budget: budget) {
      case .paused: continue
      case .done: return promotion.value
      case .refused:
        XCTFail("the region has no memory")
        return .nil
      }
    }
  }

  /// Overwrites what Boehm has freed, or nearly: allocates and drops as much as the tests do.
  private func churn() {
    let other = TestHeap(words: 64, stack: 1)
    for i in 0..<200 {
      let address = Region.makeUnscanned(bytes: 64 << (i % 9))
      let words = unsafe UnsafeMutablePointer<UInt64>(bitPattern: address).unsafelyUnwrapped
      unsafe words.update(repeating: 0x0000_DEAD_DEAD_DEA8, count: 8 << (i % 9))
    }
    withExtendedLifetime(other) {}
  }

  /// All objects that are reached from here lie in the region.
  private func isAllShared(_ word: Word) -> Bool {
    var queue = [word]
    var seen: Set<UInt64> = []
    while let next = queue.popLast() {
      guard next.isPointer, seen.insert(next.bits).inserted else { continue }
      if !next.isRegionPointer { return false }
      let object = HeapObject(next)
      queue += object.members.map { object[$0] }
    }
    return true
  }

  /// A minor collection takes what is young out of the table of promotions, once; the rest is still found, also in a wider one.
  func testYoungObjectsLeaveTheTableOfPromotions() {
    let owner = TestHeap(words: 40_000)
    defer { withExtendedLifetime(owner) {} }
    let tuples = (0..<1_000).map { i in
      let tuple = owner.heap.allocate(.tuple, size: 2)
      tuple[0] = Word(i)
      tuple[1] = .nil
      return tuple.word
    }
    func target(_ i: Int) -> Word { Word(bits: UInt64(0x1000 + i * 16) | 1) }
    let headers = tuples.map { HeapObject($0).header.bits }
    guard var table = PromotionTable().widened(by: tuples.count) else { return XCTFail("no table") }
    for (i, tuple) in tuples.enumerated() { table.enter(tuple.bits, target(i)) }
    let young = Set(tuples.indices.filter { $0 % 3 == 0 }.map { UInt(tuples[$0].bits) })
    var asked = 0
    func dropYoung() {
      table.applyAndDrop { address in
        asked += 1
        return young.contains(address)
      }
    }
    dropYoung()
    XCTAssertEqual(asked, tuples.count)
    dropYoung()
    XCTAssertEqual(asked, tuples.count, "what is left is old")
    func check(_ table: PromotionTable) {
      for (i, tuple) in tuples.enumerated() {
        XCTAssertEqual(table.word(for: tuple.bits), i % 3 == 0 ? nil : target(i))
        let header = i % 3 == 0 ? PromotionTable.forward(to: target(i)) : headers[i]
        XCTAssertEqual(HeapObject(tuple).header.bits, header)
      }
    }
    check(table)
    guard var wider = table.widened(by: 5_000) else { return XCTFail("no wider table") }
    wider.touch(0..<wider.freshPages)
    wider.enterAll(of: table, in: 0..<table.capacity)
    XCTAssertEqual(wider.count, tuples.count - young.count)
    check(wider)
    wider.enter(tuples[0].bits, target(0))
    wider.applyAndDrop { _ in true }
    XCTAssertEqual(wider.count, 0)
    table.release()
    // So that the heap is sound.
    for (i, tuple) in tuples.enumerated() {
      XCTAssertEqual(HeapObject(tuple).header.bits, PromotionTable.forward(to: target(i)))
    }
  }

  /// Random graphs with sharing and cycles, in steps of any size: the region's graph is isomorphic, the private one is as it
  /// was; a collection exchanges one for the other; Boehm keeps what the heap holds.
  func testRandomGraphs() {
    let base = UInt64.random(in: 0..<1 << 40)
    for seed in base..<base + 40 {
      let heap = TestHeap(words: 20_000, stack: 9)
      var maker = GraphMaker(seed: seed, heap: heap.heap)
      let words = maker.make(objects: 20 + Int(seed % 400), cycles: seed % 4 > 0)
      if seed % 2 == 0 { bindAll(maker.objects) }
      for i in 0..<9 { heap.setStack(i, words[i]) }
      let original = Canon(words)
      let shared = promote(words[8], of: heap.heap, budget: [1, 17, 1 << 20][Int(seed % 3)])
      XCTAssertTrue(Canon([shared]) == Canon([words[8]]), "seed \(seed): the promoted graph")
      XCTAssertTrue(isAllShared(shared), "seed \(seed): a private part")
      XCTAssertTrue(Canon(words) == original, "seed \(seed): the private graph changed")
      XCTAssertNil(heap.complaint, "seed \(seed): before a collection")
      for round in 0..<2 {
        heap.collect()
        Region.collect()
        churn()
        XCTAssertTrue(Canon(heap.everyRoot.dropLast(4)) == original, "seed \(seed): round \(round)")
        XCTAssertNil(heap.complaint, "seed \(seed): round \(round)")
      }
      if seed % 2 == 0 {
        XCTAssertTrue(heap.stack(8).isRegionPointer, "seed \(seed): the promoted graph was not exchanged")
      }
    }
  }

  /// No step does more than it may, however many members an object has.
  func testAWideObjectIsPromotedInSteps() {
    let heap = TestHeap(words: 100_000)
    let word = heap.wideTuple()
    let original = Canon([word])
    var promotion = Promotion(word, of: heap.heap)
    var steps = 0
    var before = promotion.work
    XCTAssertLessThan(before, 2000)
    while promotion.step(budget: 1000) == .paused {
      XCTAssertLessThan(promotion.work - before, 2000)
      before = promotion.work
      steps += 1
    }
    XCTAssertGreaterThan(steps, 60)
    XCTAssertTrue(isAllShared(promotion.value))
    XCTAssertTrue(Canon([promotion.value]) == original)
    XCTAssertTrue(Canon([word]) == original, "the private graph changed")
  }

  /// Nor where there is nothing more to copy: leaves are scanned last, all in a row, and the pages of the table are asked for.
  func testTheLastPassesOfAPromotionTakeSteps() {
    let heap = TestHeap(words: 200_000, stack: 1)
    let row = heap.heap.allocate(.tuple, size: 3000)
    for i in 0..<row.size {
      let leaf = heap.heap.allocate(.tuple, size: 40)
      for j in 0..<40 { leaf[j] = Word(i &+ j) }
      row[i] = leaf.word
    }
    heap.setStack(0, row.word)
    // What was promoted before, and stands in the table already.
    let early = (0..<20).map { (row[$0], promote(row[$0], of: heap.heap)) }
    let budget = 1000
    var promotion = Promotion(row.word, of: heap.heap)
    var (scanned, touched, moved, progress) = (0, 0, 0, Promotion.Progress.paused)
    while progress == .paused {
      progress = promotion.step(budget: budget)
      XCTAssertLessThanOrEqual(promotion.scannedWords - scanned, budget * 2 + 41)
      XCTAssertLessThanOrEqual(promotion.touchedPages - touched, budget / Promotion.pageWork + 8)
      XCTAssertLessThanOrEqual(promotion.movedPlaces - moved, budget / 8 + 64)
      (scanned, touched, moved) = (promotion.scannedWords, promotion.touchedPages, promotion.movedPlaces)
    }
    XCTAssertGreaterThan(scanned, 100_000)
    XCTAssertEqual(touched, 8192 * 16 / 4096)
    XCTAssertEqual(moved, 64)
    XCTAssertEqual(heap.heap.promoted(row.word), promotion.value)
    for (leaf, shared) in early { XCTAssertEqual(heap.heap.promoted(leaf), shared) }
    for i in 20..<row.size { XCTAssertNotNil(heap.heap.promoted(row[i])) }
  }

  /// The memory of a large table is used again, and nothing of what stood there is found in the next one.
  func testTablesAreUsedAgain() throws {
    MemoryUse.releaseKept(olderThan: 0)
    func table() throws -> PromotionTable {
      let table = try XCTUnwrap(PromotionTable().widened(by: 3_000))
      table.touch(0..<table.freshPages)
      return table
    }
    func address(_ i: Int) -> UInt64 { UInt64(0x10_0000 + i * 16) }
    var first = try table()
    for i in 0..<3_000 { first.enter(address(i), Word(bits: UInt64(0x1000 + i * 16) | 1)) }
    let before = MemoryAccount.bytes
    first.release()
    XCTAssertEqual(MemoryAccount.bytes, before + 8192 * 16, "what is kept counts")
    var second = try table()
    XCTAssertEqual(MemoryAccount.bytes, before)
    for i in 0..<3_000 { XCTAssertNil(second.word(for: address(i))) }
    second.enter(address(7), Word(bits: 0x2001))
    XCTAssertEqual(second.count, 1)
    XCTAssertEqual(second.word(for: address(7)), Word(bits: 0x2001))
    second.release()
    XCTAssertFalse(TableMemory.release(olderThan: 3_600_000_000_000))
    XCTAssertTrue(MemoryUse.releaseKept(olderThan: 0))
    XCTAssertEqual(MemoryAccount.bytes, before)
    guard let (memory, isUsed) = unsafe TableMemory.take(bytes: 8192 * 16) else {
      return XCTFail("no memory")
    }
    XCTAssertFalse(isUsed)
    unsafe TableMemory.give(memory, bytes: 8192 * 16)
    XCTAssertTrue(TableMemory.release(olderThan: 0))
    let large = 128 << 20
    guard let (more, _) = unsafe TableMemory.take(bytes: large) else { return XCTFail("no memory") }
    unsafe TableMemory.give(more, bytes: large)
    XCTAssertFalse(TableMemory.release(olderThan: 0), "too much to be kept")
  }

  /// The log of a promotion gives its memory back while it is gone through, from its end, and keeps what is left of it.
  func testALogIsShortenedPieceByPiece() {
    var log = AddressLog()
    let count = 200_001
    for i in 0..<count { log.append(UInt(i) * 8) }
    var least = log.capacity
    var left = count
    while left > 0 {
      left = max(0, left - 777)
      log.truncate(to: left)
      XCTAssertEqual(log.count, left)
      if left > 0 { XCTAssertEqual(log[left - 1], UInt(left - 1) * 8) }
      XCTAssertLessThanOrEqual(least - log.capacity, 1 << 16)
      least = log.capacity
    }
    XCTAssertLessThan(least, 1 << 16)
    for i in 0..<count { log.append(UInt(i)) }
    XCTAssertEqual(log[count - 1], UInt(count - 1))
  }

  private func bindAll(_ objects: [Word]) {
    for object in objects.map({ HeapObject($0) }) where object.kind == .environment {
      for i in 0..<object.size where object[i] == .unbound { object[i] = .nil }
    }
  }

  /// A list of tuples of many slabs, large objects among them; an update shares what it did not change; after that all but
  /// one leaf is dropped.
  func testSharingBetweenUpdatesAndTheRegion() {
    let heap = TestHeap(words: 400_000, stack: 2)
    let wide = heap.heap.allocate(.tuple, size: 20_000)
    for i in 0..<wide.size {
      let leaf = heap.heap.allocate(.tuple, size: 2)
      leaf[0] = Word(i)
      leaf[1] = i % 2_000 == 0 ? largeTuple(heap.heap, i) : i > 0 ? wide[i - 1] : .nil
      wide[i] = leaf.word
    }
    heap.setStack(0, promote(wide.word, of: heap.heap, budget: 1000))
    let original = Canon([wide.word])
    heap.collect()
    let update = heap.heap.allocate(.tuple, size: 3)
    update[0] = HeapObject(heap.stack(0))[77]
    update[1] = heap.stack(0)
    update[2] = Word(5)
    let again = promote(update.word, of: heap.heap)
    XCTAssertEqual(HeapObject(again)[1], heap.stack(0), "what is shared was copied")
    heap.setStack(0, again)
    heap.collect()
    Region.collect()
    churn()
    XCTAssertTrue(Canon([HeapObject(heap.stack(0))[1]]) == original)
    heap.setStack(0, HeapObject(heap.stack(0))[0])
    heap.collect()
    Region.collect()
    churn()
    XCTAssertEqual(HeapObject(heap.stack(0))[0], Word(77))
    XCTAssertNil(heap.complaint)
  }

  private func largeTuple(_ heap: Heap, _ n: Int) -> Word {
    let tuple = heap.allocate(.tuple, size: 3000)
    for i in 0..<tuple.size { tuple[i] = Word(i + n) }
    return tuple.word
  }

  /// The second time is a look into the table; a part of what was promoted, too; after a collection there is nothing to look up.
  func testTheTableOfPromotions() {
    let heap = TestHeap(words: 50_000, stack: 1)
    let list = heap.heap.allocate(.tuple, size: 9000)
    for i in 0..<list.size { list[i] = i % 10 == 0 ? heap.heap.makeString("text \(i)").word : Word(i) }
    heap.setStack(0, list.word)
    let shared = promote(list.word, of: heap.heap)
    XCTAssertEqual(heap.heap.promoted(list.word), shared)
    XCTAssertEqual(heap.heap.promoted(list[10]), HeapObject(shared)[10])
    var copy = LargeCopy(pair(heap.heap, list.word, list[20]), of: heap.heap)
    XCTAssertEqual(copy.step(budget: 100), .done)
    XCTAssertEqual(HeapObject(copy.value)[0], shared)
    XCTAssertEqual(HeapObject(copy.value)[1], HeapObject(shared)[20])
    heap.collect()
    XCTAssertEqual(heap.stack(0), shared)
    XCTAssertEqual(heap.heap.promotionCount, 0)
  }

  private func pair(_ heap: Heap, _ x: Word, _ y: Word) -> Word {
    let pair = heap.allocate(.tuple, size: 20)
    for i in 0..<20 { pair[i] = .nil }
    pair[0] = x
    pair[1] = y
    return pair.word
  }

  /// Region pointers in cells, in payloads and in chunks are roots while nobody has received them.
  func testMessagesOnTheirWayAreRoots() {
    for form in 0..<3 {
      let receiver = TestHeap(words: 64, stack: 1)
      let sender = TestHeap(words: 30_000, stack: 1)
      let (cell, original) = message(form, from: sender)
      sender.setStack(0, .nil)
      sender.collect()
      Region.collect()
      churn()
      receiver.heap.adopt(cell)
      receiver.setStack(0, cell.value)
      cell.free(pool: sender.pool)
      for _ in 0..<2 {
        Region.collect()
        churn()
        XCTAssertTrue(Canon([receiver.stack(0)]) == original, "form \(form)")
        receiver.collect()
        XCTAssertNil(receiver.complaint, "form \(form)")
      }
    }
  }

  /// A message that holds a value of the region: 0 as itself, 1 in a pair, 2 in chunks.
  private func message(_ form: Int, from sender: TestHeap) -> (MessageCell, Canon) {
    let heap = sender.heap
    let shared = promote(largeTuple(heap, form), of: heap)
    if form == 2 {
      let value = pair(heap, Word(1), shared)
      var copy = LargeCopy(value, of: heap)
      XCTAssertEqual(copy.step(budget: 1000), .done)
      let cell = MessageCell.make(kind: 0, payload: 0, to: pid, pool: sender.pool)
      cell.value = copy.value
      cell.link = copy.takeChunks()
      return (cell, Canon([value]))
    }
    var value = shared
    if form == 1 {
      let tuple = heap.allocate(.tuple, size: 2)
      tuple[0] = .nil
      tuple[1] = shared
      value = tuple.word
    }
    guard let cell = MessageCopy.makeAnyCell(value, kind: 0, to: pid, pool: sender.pool) else {
      fatalError("the message does not fit into a cell")
    }
    XCTAssertTrue(cell.isScanned)
    return (cell, Canon([value]))
  }

  /// What nobody holds any more is given back: without that this would take gigabytes.
  func testWhatNobodyHoldsGoes() {
    let heap = TestHeap(words: 300_000, stack: 1)
    Region.collect()
    let before = MemoryUse.now().shared
    for i in 0..<200 {
      let tuple = heap.heap.allocate(.tuple, size: 20_000)
      for k in 0..<tuple.size { tuple[k] = Word(i + k) }
      heap.setStack(0, promote(tuple.word, of: heap.heap))
      _ = heap.heap.makeString(String(repeating: "x", count: 100_000))
      heap.collect()
    }
    Region.collect()
    XCTAssertLessThan(MemoryUse.now().shared - before, 8 << 20)
  }

  func testLargeStringsAreShared() {
    let heap = TestHeap(words: 64, stack: 3)
    let texts = [1023, 1024, 100_000].map { String(repeating: "ä", count: $0 / 2) + ($0 % 2 == 1 ? "x" : "") }
    for (i, text) in texts.enumerated() { heap.setStack(i, heap.heap.makeString(text).word) }
    for _ in 0..<2 {
      heap.collect()
      Region.collect()
      churn()
      XCTAssertEqual((0..<3).map { heap.stack($0).isRegionPointer }, [false, true, true])
      XCTAssertEqual((0..<3).map { StringView(heap.stack($0)).string }, texts)
      XCTAssertNil(heap.complaint)
    }
  }

  /// A message whose parts are shared twenty levels deep has the words that it has.
  func testSharingIsKeptInCopies() {
    let heap = TestHeap(words: 256, stack: 1)
    var value = heap.heap.makeString("leaf").word
    for _ in 0..<20 {
      let node = heap.heap.allocate(.tuple, size: 2)
      node[0] = value
      node[1] = value
      value = node.word
    }
    let original = Canon([value])
    var copy = LargeCopy(value, of: heap.heap)
    XCTAssertEqual(copy.step(budget: 1000), .done)
    XCTAssertTrue(Canon([copy.value]) == original)
    XCTAssertLessThan(copy.words, 100)
    XCTAssertTrue(Canon([value]) == original)
    var limited = LargeCopy(value, of: heap.heap, limit: 30)
    XCTAssertEqual(limited.step(budget: 1000), .tooLarge)
    XCTAssertTrue(Canon([value]) == original)
  }

  func testASetOfRootsIsAModelOfASet() {
    var random = Seeded(UInt64.random(in: 0..<1 << 40))
    var roots = SharedRoots()
    var model: Set<UInt64> = []
    for _ in 0..<5000 {
      let pointer = UInt64(random.below(1 << 16)) << 11 | (random.below(2) == 0 ? 5 : 1) | 1 << 40
      XCTAssertEqual(roots.insert(pointer), model.insert(SharedRoots.key(pointer)).inserted)
      XCTAssertTrue(roots.contains(pointer))
    }
    XCTAssertEqual(roots.count, model.count)
    var found: Set<UInt64> = []
    roots.forEach { found.insert($0) }
    XCTAssertEqual(found, model)
    roots.release()
    XCTAssertEqual(roots.count, 0)
  }
}
