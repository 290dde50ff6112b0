import Dispatch
import Words
import XCTest

@testable import Memory

final class PoolTests: XCTestCase {
  func testPiecesAreDistinctAndAligned() {
    for size in PoolClass.allCases {
      let pool = Pool()
      let pieces = (0..<1000).map { _ in pool.take(size) }
      XCTAssertEqual(Set(pieces).count, 1000)
      XCTAssertTrue(pieces.allSatisfy { $0 != 0 && $0 % 8 == 0 })
      let sorted = pieces.sorted()
      for (low, high) in zip(sorted, sorted.dropFirst()) {
        XCTAssertGreaterThanOrEqual(high - low, UInt(size.words * 8), "\(size): pieces overlap")
      }
      for piece in pieces { pool.give(piece, size) }
    }
  }

  func testAGivenPieceComesBackFirst() {
    let pool = Pool()
    let piece = pool.take(.words16)
    pool.give(piece, .words16)
    XCTAssertEqual(pool.take(.words16), piece)
  }

  /// What one pool takes and another is given comes round by way of the depot: no new slab for ever.
  func testPiecesWander() {
    let maker = Pool()
    let eater = Pool()
    var seen: Set<UInt> = []
    for _ in 0..<100 {
      let pieces = (0..<500).map { _ in maker.take(.words8) }
      XCTAssertEqual(Set(pieces).count, 500)
      seen.formUnion(pieces)
      for piece in pieces { eater.give(piece, .words8) }
    }
    XCTAssertLessThan(seen.count, 2000)
  }

  /// A large block that nobody uses any more is the next one that is asked for, and goes back when it is told to.
  func testLargeBlocksAreUsedAgain() {
    let pool = Pool()
    let hour: UInt64 = 3_600_000_000_000
    LargeBlocks.release(olderThan: 0)
    let words = HeapBlock.size(atLeast: HeapBlock.largeWords * 2)
    let block = HeapBlock.allocate(words: words, pool: pool)
    HeapBlock.free(block, words: words, pool: pool)
    XCTAssertFalse(LargeBlocks.release(olderThan: hour))
    XCTAssertEqual(LargeBlocks.take(bytes: words * 8 * 2), 0, "too small")
    XCTAssertEqual(LargeBlocks.take(bytes: words * 8 / 4), 0, "much too large")
    let again = HeapBlock.allocate(words: words, pool: pool)
    XCTAssertEqual(again, block)
    let other = HeapBlock.allocate(words: words, pool: pool)
    XCTAssertNotEqual(other, block)
    HeapBlock.free(again, words: words, pool: pool)
    HeapBlock.free(other, words: words, pool: pool)
    XCTAssertTrue(LargeBlocks.release(olderThan: 0))
    XCTAssertEqual(LargeBlocks.take(bytes: words * 8), 0)
  }

  /// A block keeps the pages of its first half only, but whoever gives it up does not wait for that; if somebody needs it before,
  /// it is as it was.
  func testLargeBlocksAreHalvedLater() {
    LargeBlocks.release(olderThan: 0)
    let words = HeapBlock.size(atLeast: HeapBlock.largeWords * 4)
    let pool = Pool()
    let block = HeapBlock.allocate(words: words, pool: pool)
    let last = words - 600
    func place(_ i: Int) -> UnsafeMutablePointer<UInt64> {
      unsafe UnsafeMutablePointer<UInt64>(bitPattern: block).unsafelyUnwrapped + i
    }
    for i in [0, last] { unsafe place(i).pointee = 7 }
    XCTAssertFalse(LargeBlocks.isUntidy)
    HeapBlock.free(block, words: words, pool: pool)
    XCTAssertTrue(LargeBlocks.isUntidy)
    XCTAssertEqual(unsafe place(last).pointee, 7, "somebody has waited for the system")
    XCTAssertEqual(HeapBlock.allocate(words: words, pool: pool), block)
    XCTAssertFalse(LargeBlocks.tidy(), "it is in use")
    HeapBlock.free(block, words: words, pool: pool)
    let before = MemoryAccount.bytes - MemoryAccount.regionBytes
    XCTAssertTrue(LargeBlocks.tidy())
    XCTAssertEqual(before - (MemoryAccount.bytes - MemoryAccount.regionBytes), words * 4, accuracy: 2 << 20)
    XCTAssertFalse(LargeBlocks.isUntidy)
    XCTAssertFalse(LargeBlocks.tidy())
    XCTAssertEqual(unsafe place(last).pointee, 0, "its second half has not been given back")
    XCTAssertEqual(unsafe place(0).pointee, 7)
    XCTAssertTrue(LargeBlocks.release(olderThan: 0))
  }

  /// Where nobody tidies, what is untidy stays bounded.
  func testUntidyBlocksAreBounded() {
    LargeBlocks.release(olderThan: 0)
    let words = HeapBlock.largeWords * 64
    let pool = Pool()
    let blocks = (0..<8).map { _ in HeapBlock.allocate(words: words, pool: pool) }
    for block in blocks { HeapBlock.free(block, words: words, pool: pool) }
    var count = 0
    while LargeBlocks.tidy() { count += 1 }
    XCTAssertGreaterThan(count, 0)
    XCTAssertLessThanOrEqual(count * words * 8, 1 << 30)
    LargeBlocks.release(olderThan: 0)
  }

  /// When memory is short, slabs go back whose pieces are all free; those of which a piece is in use stay, with all their pieces.
  func testFreeSlabsAreGivenBack() {
    func place(_ piece: UInt) -> UnsafeMutablePointer<UInt> {
      unsafe UnsafeMutablePointer<UInt>(bitPattern: piece).unsafelyUnwrapped
    }
    for size in [PoolClass.words8, .words48, .scanned8, .scanned16] {
      let pool = Pool()
      var pieces = (0..<20_000).map { _ in pool.take(size) }
      for (i, piece) in pieces.enumerated() { unsafe place(piece).pointee = UInt(i) }
      let kept = (0..<10).map { $0 * 1_999 }
      for i in pieces.indices where !kept.contains(i) { pool.give(pieces[i], size) }
      func release() -> Bool {
        size.isScanned ? Depot.shared.releaseScanned(above: 0) : Depot.shared.release()
      }
      XCTAssertFalse(Depot.shared.releaseScanned(above: 1 << 40), "so many there are not")
      XCTAssertTrue(release())
      XCTAssertFalse(release(), "what was left is free as well")
      for i in kept {
        XCTAssertEqual(unsafe place(pieces[i]).pointee, UInt(i), "a piece in use was given back")
      }
      pieces = kept.map { pieces[$0] } + (0..<20_000).map { _ in pool.take(size) }
      XCTAssertEqual(Set(pieces).count, 20_010)
      let sorted = pieces.sorted()
      for (low, high) in zip(sorted, sorted.dropFirst()) {
        XCTAssertGreaterThanOrEqual(high - low, UInt(size.words * 8), "\(size): pieces overlap")
      }
      for piece in pieces { pool.give(piece, size) }
    }
  }

  /// Threads with a pool each pass pieces on; a piece that two own at once is seen by its mark.
  func testThreadsNeverShareAPiece() {
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      let pool = Pool()
      for round in 0..<200 {
        let mark = UInt64(thread * 1000 + round)
        let cells = (0..<200).map { _ in
          MessageCell.make(kind: 1, payload: 0, to: Word(.pid, mark), pool: pool)
        }
        for cell in cells {
          if cell.destination != Word(.pid, mark) { XCTFail("thread \(thread), round \(round): shared") }
          cell.free(pool: pool)
        }
      }
    }
  }

  func testCells() {
    let pool = Pool()
    for (payload, words) in [(0, 8), (3, 8), (4, 16), (11, 16)] {
      let cell = MessageCell.make(kind: 200, payload: payload, to: Word(.pid, 5), pool: pool)
      XCTAssertLessThanOrEqual(MessageCell.headerWords + payload, words)
      XCTAssertEqual(cell.kind, 200)
      XCTAssertEqual(cell.payloadWords, payload)
      XCTAssertEqual(cell.destination, Word(.pid, 5))
      XCTAssertEqual(cell.link, 0)
      XCTAssertFalse(cell.isAdopted)
      cell.next = 24
      cell.value = Word(1)
      XCTAssertEqual(cell.next, 24)
      unsafe XCTAssertEqual(cell.valuePlace.pointee, Word(1).bits)
      let address = cell.address
      cell.free(pool: pool)
      XCTAssertEqual(pool.take(payload <= 3 ? .words8 : .words16), address, "given to another class")
    }
  }

  /// First blocks are small where there are very many processes, and always hold what their process starts with.
  func testFirstBlocks() {
    let pool = Pool()
    for payload in 0...200 {
      let usual = HeapBlock.firstSize(atLeast: payload, isCrowded: false)
      let crowded = HeapBlock.firstSize(atLeast: payload, isCrowded: true)
      XCTAssertGreaterThanOrEqual(usual, payload + 20)
      XCTAssertGreaterThanOrEqual(crowded, payload + 10)
      XCTAssertLessThanOrEqual(crowded, usual)
      let block = HeapBlock.allocate(words: crowded, pool: pool)
      HeapBlock.free(block, words: crowded, pool: pool)
      guard crowded <= 128 else { continue }
      XCTAssertEqual(HeapBlock.allocate(words: crowded, pool: pool), block, "not recycled")
    }
    XCTAssertEqual(HeapBlock.firstSize(atLeast: 0, isCrowded: true), 16)
  }
}
