import Words
import XCTest

@testable import Memory

/// The check finds each kind of damage: a check that finds nothing proves nothing.
final class HeapCheckTests: XCTestCase {
  /// A sound heap with some objects: (pair, text) is in root 0.
  private func sound() -> (test: TestHeap, pair: HeapObject, text: StringView) {
    let test = TestHeap(words: 100, stack: 2, roots: 1)
    let text = test.heap.makeString("näher")
    let pair = test.heap.allocate(.tuple, size: 2)
    pair[0] = text.word
    pair[1] = Word(2.5)
    test.setRoot(0, pair.word)
    test.setStack(0, text.word)
    return (test, pair, text)
  }

  private func expect(_ part: String, in test: TestHeap, line: UInt = #line) {
    guard let complaint = test.complaint else { return XCTFail("nothing was found", line: line) }
    XCTAssertTrue(complaint.contains(part), complaint, line: line)
  }

  func testASoundHeapHasNoComplaint() {
    XCTAssertNil(sound().test.complaint)
    XCTAssertNil(TestHeap().complaint)
  }

  func testBrokenHeaders() {
    for bits: UInt64 in [0, 0x1000, 0xFF01, 1 << 32 | 200 << 8 | 1] {
      let (test, pair, _) = sound()
      unsafe pair.address.pointee = bits
      expect("no header", in: test)
    }
    let (test, _, text) = sound()
    unsafe text.object.address.pointee = Header(.tuple, size: 99).bits
    expect("ends outside", in: test)
  }

  func testBrokenPointers() {
    let stranger = TestHeap()
    defer { withExtendedLifetime(stranger) {} }
    let foreign = stranger.heap.allocate(.tuple, size: 1).word
    for (word, part) in [
      (foreign, "out of this heap"), (Word(bits: 0), "W2"), (Word(bits: 0x1_0000_0000_000F), "no immediate"),
      (.request, "no value"), (Word(bits: Word.numberOffset &+ 0x7FF8_0000_0000_0001), "NaN"),
    ] {
      let (test, pair, _) = sound()
      pair[0] = word
      expect(part, in: test)
    }
    let (test, pair, text) = sound()
    pair[1] = Word(bits: text.word.bits + 8)
    expect("middle", in: test)
    pair[1] = Word(bits: text.word.bits + 2)
    expect("aligned", in: test)
  }

  func testBrokenRoots() {
    let (test, pair, _) = sound()
    test.setStack(1, Word(bits: pair.word.bits + 8))
    expect("word 1 of 2 of the stack", in: test)
    test.setStack(1, .nil)
    XCTAssertNil(test.complaint)
    test.setRoot(0, Word(bits: 0x7777_7777_7778))
    expect("root 0", in: test)
  }

  func testBrokenShapes() {
    let (test, _, text) = sound()
    text.object.setRaw(0, 6 << 32 | 6)
    expect("ASCII", in: test)
    text.object.setRaw(0, 60 << 32 | 5)
    expect("has 60 bytes", in: test)
    text.object.setRaw(0, 5 << 32 | 4)
    expect("zeros", in: test)
    let (other, _, _) = sound()
    let dict = other.heap.allocate(.smallDict, size: 3)
    for i in 0..<3 { dict[i] = .nil }
    expect("without a value", in: other)
    let (third, _, _) = sound()
    let node = third.heap.allocate(.setNode, size: 2)
    node.setRaw(0, 0b11 << 32)
    node[1] = .nil
    expect("bitmaps", in: third)
  }

  func testBrokenOrder() {
    let (test, _, _) = sound()
    unsafe test.state.pointee.stackTop = unsafe test.state.pointee.end
    expect("S1", in: test)
    let (other, _, _) = sound()
    unsafe other.state.pointee.wantsCollection = true
    expect("S1", in: other)
  }
}
