import Memory
import Synchronization
import Words
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

/// Large values go into the shared region once, and live as long as a process holds them.
final class SharingTests: XCTestCase {
  private let count = 30_000

  private func list(_ heap: Heap, _ start: Int = 0) -> Word {
    Lists.make(heap, count: count) { Word(start + $0) }
  }

  private func isList(_ word: Word, _ start: Int = 0) -> Bool {
    Lists.isList(word) && integers(word) == Array(start..<start + count)
  }

  /// Sends in slices of so many reductions; how many it took.
  @discardableResult private func send(
    _ message: Word, from sender: Process, to receiver: Process, slice: Int = 4000
  ) -> Int {
    var slices = 0
    repeat {
      unsafe sender.block.pointee.reductions = slice
      slices += 1
      if unsafe sender.block.pointee.request == .panic { break }
    } while !Sending.send(sender, to: receiver.pid, message) && slices < 10_000
    return slices
  }

  /// The first send takes slices, the next one is a look; every receiver gets the same object; after a collection the
  /// sender has that, too.
  func testTheSecondSendIsALook() {
    let world = World()
    let sender = world.spawn()
    let receivers = (0..<3).map { _ in world.spawn() }
    let value = list(sender.heap)
    unsafe sender.block.pointee.frame.unsafelyUnwrapped[0] = value.bits
    XCTAssertGreaterThan(send(value, from: sender, to: receivers[0], slice: 16), 1)
    XCTAssertTrue(isList(value), "the sender's own list is as it was")
    XCTAssertEqual(send(value, from: sender, to: receivers[1], slice: 16), 1)
    sender.collect()
    let kept = unsafe Word(bits: sender.block.pointee.frame.unsafelyUnwrapped[0])
    XCTAssertTrue(kept.isRegionPointer)
    XCTAssertEqual(send(kept, from: sender, to: receivers[2], slice: 16), 1)
    world.end(sender)
    Region.collect()
    for receiver in receivers {
      guard let got = receiver.receive({ _ in true }) else { return XCTFail("nothing came") }
      XCTAssertEqual(got, kept)
      unsafe receiver.block.pointee.frame.unsafelyUnwrapped[0] = got.bits
      receiver.collect()
      Region.collect()
      XCTAssertTrue(isList(got))
    }
  }

  /// A message that was looked at and left in the mailbox stays alive through collections.
  func testSharedValuesWaitInTheMailbox() {
    let world = World()
    let sender = world.spawn()
    let receiver = world.spawn()
    for i in 0..<4 { send(list(sender.heap, i), from: sender, to: receiver) }
    world.end(sender)
    XCTAssertNil(receiver.receive { _ in false })
    for i in 0..<4 {
      receiver.collect()
      Region.collect()
      guard let got = receiver.receive({ _ in true }) else { return XCTFail("message \(i)") }
      XCTAssertTrue(isList(got, i), "message \(i)")
    }
  }

  /// What a process leaves is shared, for whoever asks for it however late.
  func testLargeResultsAreShared() {
    let world = World()
    let process = world.spawn()
    let value = list(process.heap)
    var result = Word.request
    repeat {
      unsafe process.block.pointee.reductions = 16
      result = process.call(ProcessNatives.finish, value)
    } while unsafe process.block.pointee.request == .again
    XCTAssertEqual(result, .request)
    XCTAssertEqual(process.request, .finish)
    let left = unsafe process.block.pointee.requestValue
    XCTAssertTrue(left.isRegionPointer && isList(left))
    world.end(process, left)
    Region.collect()
    let asking = world.spawn()
    _ = asking.call(ProcessNatives.awaitBegin, process.pid)
    guard let answer = asking.receive({ _ in true }) else { return XCTFail("no answer") }
    Region.collect()
    XCTAssertTrue(isList(member(member(answer, 1), 1)))
  }

  /// A process may be told to end in the middle of a promotion.
  func testAnEndInTheMiddleOfAPromotion() {
    let world = World()
    let sender = world.spawn()
    let receiver = world.spawn()
    let value = list(sender.heap)
    unsafe sender.block.pointee.reductions = 16
    XCTAssertFalse(Sending.send(sender, to: receiver.pid, value))
    world.end(sender)
    XCTAssertNil(receiver.receive { _ in true })
  }

  /// Random values, nested and changed after they were promoted, travel round a ring of processes that collect.
  func testRandomValuesSurviveAllOfIt() {
    let seed = UInt64.random(in: 0..<1 << 40)
    var random = SeededRandom(seed)
    let above = Sharing.above.exchange(40, ordering: .relaxed)
    defer { Sharing.above.store(above, ordering: .relaxed) }
    let world = World()
    let ring = (0..<4).map { _ in world.spawn() }
    var model: [[Int]] = []
    unsafe ring[0].block.pointee.frame.unsafelyUnwrapped[0] = Word.emptyList.bits
    for step in 0..<200 {
      let here = ring[step % 4]
      let next = ring[(step + 1) % 4]
      var value = unsafe Word(bits: here.block.pointee.frame.unsafelyUnwrapped[0])
      let start = random.below(1000)
      let size = random.below(100)
      model.append((start..<start + size).map { $0 })
      let row = Lists.make(here.heap, count: size) { Word(start + $0) }
      value = Lists.append(here.heap, value, row)
      if random.below(3) == 0, let shared = share(here, value) { value = shared }
      send(value, from: here, to: next)
      unsafe here.block.pointee.frame.unsafelyUnwrapped[0] = Word.nil.bits
      if random.below(2) == 0 { here.collect() }
      if random.below(4) == 0 { Region.collect() }
      guard let got = next.receive({ _ in true }) else {
        return XCTFail("seed \(seed), step \(step): nothing came")
      }
      unsafe next.block.pointee.frame.unsafelyUnwrapped[0] = got.bits
      if random.below(2) == 0 { next.collect() }
    }
    let end = unsafe Word(bits: ring[200 % 4].block.pointee.frame.unsafelyUnwrapped[0])
    XCTAssertEqual(rows(end), model, "seed \(seed)")
  }

  private func share(_ process: Process, _ value: Word) -> Word? {
    var result = Word.request
    repeat {
      unsafe process.block.pointee.reductions = 4000
      unsafe process.block.pointee.request = .none
      result = Sharing.share(process, value)
    } while unsafe process.block.pointee.request == .again
    return result == .request ? nil : result
  }

  private func rows(_ word: Word) -> [[Int]] {
    (0..<Lists.count(word)).map { integers(Lists.at(word, $0)) }
  }

  /// A region that is full ends the process that asks; its values are as they were, and others go on.
  func testARegionThatIsFull() {
    let world = World()
    let receiver = world.spawn()
    var sender = world.spawn()
    var value = list(sender.heap)
    var sent = 0
    // A machine of another test has set a ceiling for all memory, by which the region's is set anew now and then.
    MemoryAccount.setCeiling(bytes: Int.max)
    Region.setCeiling(bytes: 1)
    // Other tests may have left Boehm much that is free.
    while unsafe sender.block.pointee.request != .panic && sent < 20_000 {
      if sent % 20 == 19 {
        // Nobody collects here, which a long table of promotions would wait for.
        world.end(sender)
        sender = world.spawn()
        value = list(sender.heap)
      }
      let next = Tuples.make(sender.heap, Word(sent), value)
      let parts = Lists.make(sender.heap, count: 5000) { $0 == 0 ? next : Word($0 + sent) }
      send(parts, from: sender, to: receiver, slice: 1 << 30)
      sent += 1
    }
    Region.setCeiling(bytes: 0)
    XCTAssertEqual(sender.request, .panic, "the region took \(sent) lists beyond its ceiling")
    XCTAssertTrue(isList(value))
    world.end(sender)
    let other = world.spawn()
    let last = list(other.heap, 7)
    send(last, from: other, to: receiver)
    var got = Word.nil
    while let message = receiver.receive({ _ in true }) { got = message }
    XCTAssertTrue(isList(got, 7))
  }

  /// A shared object counts for a process with a limit of its own.
  func testALimitCountsWhatIsShared() {
    let world = World()
    let sender = world.spawn()
    let receiver = world.spawn()
    unsafe receiver.block.pointee.heap.limitWords = 20_000
    send(list(sender.heap), from: sender, to: receiver)
    guard let got = receiver.receive({ _ in true }) else { return XCTFail("nothing came") }
    unsafe receiver.block.pointee.frame.unsafelyUnwrapped[0] = got.bits
    XCTAssertTrue(unsafe receiver.block.pointee.heap.wantsCollection)
    XCTAssertEqual(Collecting.collect(receiver, frameSize: nil, pool: receiver.pool), .outOfMemory)
    unsafe receiver.block.pointee.frame.unsafelyUnwrapped[0] = Word.nil.bits
    XCTAssertEqual(Collecting.collect(receiver, frameSize: nil, pool: receiver.pool), .done)
  }
}

/// SplitMix64.
private struct SeededRandom {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func below(_ n: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((z ^ z >> 31) % UInt64(n))
  }
}
