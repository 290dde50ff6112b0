import Words
import XCTest

@testable import Memory

/// A private heap that a test drives by hand: a block whose first words are its stack, roots elsewhere, collections
/// when the test says so.
@safe final class TestHeap {
  let state: UnsafeMutablePointer<HeapState>
  let pool = Pool()
  /// Words at the start of the block that are the stack.
  let stackWords: Int
  /// Roots outside the block.
  private let roots: UnsafeMutablePointer<UInt64>
  private let rootCount: Int

  init(words: Int = 256, stack: Int = 4, roots: Int = 4) {
    // A VM that had one heap for all may have run before in this process, and Boehm does not collect by itself then.
    SingleHeap.end()
    stackWords = stack
    rootCount = roots
    unsafe self.roots = .allocate(capacity: max(roots, 1))
    unsafe self.roots.initialize(repeating: Word.nil.bits, count: max(roots, 1))
    unsafe state = .allocate(capacity: 1)
    unsafe state.initialize(to: HeapState())
    let size = HeapBlock.size(atLeast: words + stack)
    let base = HeapBlock.allocate(words: size, pool: pool)
    unsafe state.pointee.base = base
    unsafe state.pointee.end = base + UInt(size * 8)
    unsafe state.pointee.top = unsafe state.pointee.end
    unsafe state.pointee.stackTop = base + UInt(stack * 8)
    for i in 0..<stack { setStack(i, .nil) }
  }

  deinit {
    unsafe Chunk.free(chain: state.pointee.chunks)
    unsafe HeapBlock.free(state.pointee.base, words: blockWords, pool: pool)
    unsafe state.pointee.releaseMore(pool: pool)
    unsafe state.deallocate()
    unsafe roots.deallocate()
  }

  var heap: Heap { unsafe Heap(unsafe: state) }
  var blockWords: Int { unsafe Int(state.pointee.end - state.pointee.base) / 8 }
  var freeWords: Int { unsafe Int(state.pointee.top - state.pointee.stackTop) / 8 }

  func stack(_ i: Int) -> Word {
    unsafe Word(bits: UnsafePointer<UInt64>(bitPattern: state.pointee.base).unsafelyUnwrapped[i])
  }
  func setStack(_ i: Int, _ word: Word) {
    unsafe UnsafeMutablePointer<UInt64>(bitPattern: state.pointee.base).unsafelyUnwrapped[i] = word.bits
  }
  func root(_ i: Int) -> Word { unsafe Word(bits: roots[i]) }
  func setRoot(_ i: Int, _ word: Word) { unsafe roots[i] = word.bits }

  /// All that is reachable starts here.
  var everyRoot: [Word] { (0..<stackWords).map(stack) + (0..<rootCount).map(root) }

  func visitRoots(_ visit: (UnsafeMutablePointer<UInt64>) -> Void) {
    for i in 0..<rootCount { unsafe visit(roots + i) }
  }

  /// Collects; the words that moved.
  @discardableResult
  func collect(need: Int = 0, room: Int? = nil) -> Int {
    let moved = unsafe Scavenger.collect(
      state, liveStack: stackWords, keptStack: stackWords, need: need, room: room, pool: pool,
      visitRoots: visitRoots)
    return moved ?? -1
  }

  /// A minor collection of a heap with generations.
  @discardableResult
  func collectMinor(settled: Int = 0, deep: Int = 0, need: Int = 0) -> Int {
    var request = request(need: need)
    request.settled = settled
    request.deep = deep
    return unsafe MinorCollection.collect(state, request, pool: pool, visitRoots: visitRoots) ?? -1
  }

  /// A full collection; the heap has generations afterwards.
  @discardableResult
  func collectFull(need: Int = 0) -> Int {
    unsafe FullCollection.collect(state, request(need: need), pool: pool, visitRoots: visitRoots) ?? -1
  }

  /// Tiny generations.
  static let sizing = GenerationSizing(threshold: 16, smallestYoung: 64, largestYoung: 256)

  private func request(need: Int) -> MinorCollection.Request {
    var request = MinorCollection.Request(liveStack: stackWords, keptStack: stackWords, need: need)
    request.sizing = TestHeap.sizing
    return request
  }

  var complaint: String? { complaint(settled: 0) }

  func complaint(settled: Int) -> String? {
    unsafe HeapCheck.complaint(
      about: state, liveStack: stackWords, settled: settled, visitRoots: visitRoots)
  }
}
