import Memory
import Words
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

/// What a collection of a process keeps, and what it looks at.
final class CollectingTests: XCTestCase {
  private func setRegister(_ process: Process, _ word: Word) {
    unsafe process.block.pointee.frame.unsafelyUnwrapped[0] = word.bits
  }

  private func register(_ process: Process) -> Word {
    unsafe Word(bits: process.block.pointee.frame.unsafelyUnwrapped[0])
  }

  /// Whatever part of a list is kept, it has its members after collections, and can be appended to; a short part
  /// keeps little of the rest alive.
  func testPartsOfListsKeepLittleAlive() {
    let world = World()
    let base = UInt64.random(in: 0..<1 << 40)
    for seed in base..<base + 60 {
      var random = Seeded(seed)
      let process = world.spawn()
      let count = [70, 1_500, 40_000, 90_000][Int(seed % 4)] + random.below(500)
      let start = random.below(count)
      let length = 1 + random.below(min(count - start, seed % 3 == 0 ? count : 200))
      var list = Lists.make(process.heap, count: count) { Word($0) }
      list = Lists.slice(process.heap, list, start, start + length)
      // Another part of the same list, whose trie has nodes in common.
      let other = Lists.take(process.heap, list, 1 + random.below(length))
      setRegister(process, Tuples.make(process.heap, list, other))
      process.heap.requestFullCollection()
      process.collect()
      let pair = HeapObject(register(process))
      for part in [pair[0], pair[1]] {
        XCTAssertNil(ListView(part).brokenInvariant(), "seed \(seed)")
      }
      let expected = Array(start..<start + length)
      XCTAssertEqual(integers(pair[0]), expected, "seed \(seed)")
      XCTAssertEqual(integers(pair[1]), Array(expected.prefix(ListView(pair[1]).count)), "seed \(seed)")
      // Across a border of large nodes more stays.
      let crosses = start >> 10 != (start + length) >> 10
      if length <= 200 && !crosses {
        let live = unsafe process.block.pointee.heap.liveWords
        XCTAssertLessThan(live, 2_500, "seed \(seed): \(length) members from \(start) on")
      }
      var grown = pair[0]
      for i in 0..<1_200 { grown = Lists.append(process.heap, grown, Word(i)) }
      XCTAssertNil(ListView(grown).brokenInvariant(), "seed \(seed)")
      XCTAssertEqual(integers(grown), expected + Array(0..<1_200), "seed \(seed)")
      world.end(process)
    }
  }

  /// Messages that wait in the mailbox are roots; of a heap with generations, minor collections visit them until all
  /// that they carry is old.
  func testMessagesThatWaitBecomeOld() {
    let world = World()
    let process = world.spawn()
    setRegister(process, Tuples.make(process.heap, count: 70_000) { Word($0) })
    process.heap.requestFullCollection()
    process.collect()
    XCTAssertTrue(unsafe process.block.pointee.heap.isGenerational)

    func look(from: Int, count: Int) {
      for i in from..<from + count {
        let heap = Heap.standalone()
        world.send(Tuples.make(heap, Word(i), heap.makeString("message \(i)").word), to: process.pid)
        heap.discard()
      }
      process.takeInAll()
      XCTAssertNil(process.receive { _ in false })
    }
    func visited() -> Int {
      var places = 0
      var cell = unsafe process.block.pointee.adoptedMessages
      while cell != 0 && !MessageCell(address: cell).isSettled {
        places += 1
        cell = MessageCell(address: cell).link
      }
      return places
    }
    func collectMinor() {
      process.heap.requestCollection()
      process.collect()
    }
    look(from: 0, count: 500)
    XCTAssertEqual(visited(), 500)
    collectMinor()
    look(from: 500, count: 10)
    collectMinor()
    XCTAssertEqual(visited(), 10, "what has survived twice is visited")
    collectMinor()
    XCTAssertEqual(visited(), 0)
    // Some go, some come, and all are what they were.
    for i in stride(from: 0, to: 510, by: 7) {
      XCTAssertNotNil(process.receive { member($0, 0) == Word(i) })
    }
    look(from: 510, count: 20)
    XCTAssertEqual(visited(), 20)
    for _ in 0..<3 { collectMinor() }
    process.heap.requestFullCollection()
    process.collect()
    for i in 0..<530 where i >= 510 || i % 7 != 0 {
      let message = process.receive { member($0, 0) == Word(i) }
      XCTAssertEqual(message.map { shown(member($0, 1)) }, "\"message \(i)\"")
    }
  }
}
