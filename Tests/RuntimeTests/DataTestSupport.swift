import Memory
import Words
import XCTest

@testable import Runtime

/// A generator whose seed is printed with every failure.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Hashing.mix(state)
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
}

extension XCTestCase {
  /// Runs a body with a heap of its own.
  func withHeap(_ body: (Heap) throws -> Void) rethrows {
    let heap = Heap.standalone()
    defer { heap.discard() }
    try body(heap)
  }
}

extension XCTestCase {
  /// The same with a heap that has a block, as a process's: what lies in it may be filled later.
  func withBlockHeap(words: Int = 1 << 21, _ body: (Heap) throws -> Void) rethrows {
    let block = UnsafeMutablePointer<UInt64>.allocate(capacity: words)
    defer { unsafe block.deallocate() }
    let state = UnsafeMutablePointer<HeapState>.allocate(capacity: 1)
    defer { unsafe state.deallocate() }
    unsafe state.initialize(to: HeapState())
    unsafe state.pointee.base = UInt(bitPattern: block)
    unsafe state.pointee.end = UInt(bitPattern: block + words)
    unsafe state.pointee.top = state.pointee.end
    unsafe state.pointee.stackTop = state.pointee.base
    try body(unsafe Heap(unsafe: state))
    unsafe XCTAssertNil(state.pointee.chunks, "the block is too small for this test")
  }
}

/// The members of a list or tuple as whole numbers.
func integers(_ ordered: Word) -> [Int] {
  var cursor = MemberCursor(ordered: ordered)
  var result: [Int] = []
  while cursor.remaining > 0 { result.append(cursor.next().integer ?? Int.min) }
  return result
}

func makeList(_ heap: Heap, _ members: some Swift.Collection<Int>) -> Word {
  var builder = ListBuilder(heap)
  for member in members { builder.append(Word(member)) }
  return builder.finish()
}

func shown(_ word: Word) -> String { Show.text(word) }

/// Undoes `Hashing.mix`, so that a test can choose the hash of a key.
func unmix(_ hash: UInt64) -> UInt64 {
  func unshift(_ x: UInt64) -> UInt64 { x ^ x >> 33 }
  func inverse(_ odd: UInt64) -> UInt64 {
    var x = odd
    for _ in 0..<6 { x = x &* (2 &- odd &* x) }
    return x
  }
  var h = unshift(hash)
  h = unshift(h &* inverse(0xC4CE_B9FE_1A85_EC53))
  return unshift(h &* inverse(0xFF51_AFD7_ED55_8CCD))
}

/// A number whose hash begins with these five-bit slots. The bits behind them are tried until the word is a number;
/// `variant` gives different keys with the same slots.
func key(slots: [Int], variant: UInt64 = 0) -> Word {
  var prefix: UInt64 = 0
  for slot in slots { prefix = prefix << 5 | UInt64(slot) }
  let free = UInt64(64 - 5 * slots.count)
  var tries: UInt64 = 0
  var found: UInt64 = 0
  while true {
    let low = Hashing.mix(tries) & (free >= 64 ? UInt64.max : (1 << free) - 1)
    tries += 1
    let word = Word(bits: unmix(prefix << free | low))
    guard word.isNumber, word.number.isFinite else { continue }
    if found == variant { return word }
    found += 1
  }
}

/// The index of a function that exists for a test alone: a record as the loader makes them (`FunctionInfo`).
func makeFunction(_ heap: Heap, ordinal: Int, name: String = "anonymous") -> UInt64 {
  let record = heap.allocate(.blob, size: FunctionInfo.words)
  for i in 0..<FunctionInfo.words { record.setRaw(i, 0) }
  record[11] = heap.makeString(name).word
  record.setRaw(18, UInt64(ordinal))
  return (record.word.bits + 8) >> 3
}
