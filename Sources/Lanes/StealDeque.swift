// StealDeque.swift owns the deque of Chase and Lev: its owner pushes and pops at the bottom, thieves take from the top.
//
//          top                     bottom
//           ▼                        ▼
//     ─ ─ ┌───┬───┬───┬───┬───┬───┐ ─ ─        the array is a ring that doubles when it is full
//         └───┴───┴───┴───┴───┴───┘
//     thieves ▲                 ▲ owner
//
// Chase and Lev, "Dynamic Circular Work-Stealing Deque" (SPAA 2005); orders after Lê, Pop, Cohen and Zappa Nardelli,
// "Correct and Efficient Work-Stealing for Weak Memory Models" (PPoPP 2013), with releasing and acquiring accesses in
// place of most of their fences, which the thread sanitizer does not see.

import Synchronization

/// A deque of words with one owner and many thieves.
///
/// - D1 Only the owner writes `bottom`, elements, and `array`. `top` only grows.
/// - D2 Elements at [top, bottom) wait. Whoever moves `top` over an element, or, being the owner, `bottom` below one that no
///   thief can reach any more, has taken it: each leaves once.
/// - D3 An array that was replaced stays until the end: a thief may still read it. What it reads there at an index that it
///   then wins with its swap of `top` is right, since the owner copied it and never wrote that index again.
@frozen @safe public struct StealDeque: ~Copyable, @unchecked Sendable {
  // Sendable: all that is shared is atomic.
  /// `top` and `bottom` on cache lines of their own; behind `bottom` the address of the array.
  @usableFromInline let base: UnsafeMutableRawPointer

  @inlinable var top: UnsafeMutablePointer<Atomic<Int>> {
    unsafe base.assumingMemoryBound(to: Atomic<Int>.self)
  }
  @inlinable var bottom: UnsafeMutablePointer<Atomic<Int>> {
    unsafe (base + 64).assumingMemoryBound(to: Atomic<Int>.self)
  }
  @inlinable var array: UnsafeMutablePointer<Atomic<UInt>> {
    unsafe (base + 72).assumingMemoryBound(to: Atomic<UInt>.self)
  }

  /// An array: its mask, the address of the array that it replaced (0: none), then its elements.
  @frozen @usableFromInline @safe struct Ring {
    @usableFromInline let memory: UnsafeMutableRawPointer
    @inlinable init(unsafe memory: UnsafeMutableRawPointer) { unsafe self.memory = memory }
    @inlinable init(address: UInt) {
      unsafe memory = UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped
    }
    @inlinable var mask: Int { unsafe memory.load(as: Int.self) }
    @inlinable func element(_ index: Int) -> UnsafeMutablePointer<Atomic<UInt>> {
      unsafe (memory + 16).assumingMemoryBound(to: Atomic<UInt>.self) + (index & mask)
    }
    static func make(capacity: Int, replacing old: UInt = 0) -> Ring {
      let memory = UnsafeMutableRawPointer.allocate(byteCount: 16 + capacity * 8, alignment: 64)
      unsafe memory.storeBytes(of: capacity - 1, as: Int.self)
      unsafe memory.storeBytes(of: old, toByteOffset: 8, as: UInt.self)
      unsafe (memory + 16).initializeMemory(as: UInt.self, repeating: 0, count: capacity)
      return unsafe Ring(unsafe: memory)
    }
  }

  /// An empty deque. `capacity` is a power of two.
  public init(capacity: Int = 256) {
    precondition(capacity >= 2 && capacity & (capacity - 1) == 0, "the capacity of a deque is a power of two")
    unsafe base = .allocate(byteCount: 128, alignment: 128)
    unsafe top.initialize(to: Atomic(0))
    unsafe bottom.initialize(to: Atomic(0))
    unsafe array.initialize(to: Atomic(UInt(bitPattern: Ring.make(capacity: capacity).memory)))
  }

  deinit {
    var next = unsafe array.pointee.load(ordering: .relaxed)
    while next != 0 {
      let ring = Ring(address: next)
      next = unsafe ring.memory.load(fromByteOffset: 8, as: UInt.self)
      unsafe ring.memory.deallocate()
    }
    unsafe base.deallocate()
  }
}

// MARK: - The owner

extension StealDeque {
  /// Puts an element at the bottom.
  public borrowing func push(_ element: UInt) {
    // relaxed: only we write it (D1).
    let low = unsafe bottom.pointee.load(ordering: .relaxed)
    // acquire: pairs with the swaps of `top` by thieves: whoever took the element at this place of the ring has read it.
    let high = unsafe top.pointee.load(ordering: .acquiring)
    var ring = unsafe Ring(address: array.pointee.load(ordering: .relaxed))
    if low - high > ring.mask { ring = grow(ring, high, low) }
    // relaxed: published by the store of `bottom`.
    unsafe ring.element(low).pointee.store(element, ordering: .relaxed)
    // release: pairs with the acquiring load in `steal`: who sees the new bottom sees the element, and all that was done
    // to what it names before.
    unsafe bottom.pointee.store(low + 1, ordering: .releasing)
  }

  /// Takes the element at the bottom: the one that was pushed last.
  public borrowing func pop() -> UInt? {
    let low = unsafe bottom.pointee.load(ordering: .relaxed) - 1
    let ring = unsafe Ring(address: array.pointee.load(ordering: .relaxed))
    // sequentially consistent, both: our claim of the bottom, then our look at the top; a thief looks at the bottom after
    // the top. One of us sees the other. (A store is a release too: see `push`.)
    unsafe bottom.pointee.store(low, ordering: .sequentiallyConsistent)
    let high = unsafe top.pointee.load(ordering: .sequentiallyConsistent)
    if high > low {
      // Empty. release, here and below: who sees this bottom must see elements below it as if it had seen `push`'s.
      unsafe bottom.pointee.store(low + 1, ordering: .releasing)
      return nil
    }
    let element = unsafe ring.element(low).pointee.load(ordering: .relaxed)
    if high < low { return element }
    // The last one: thieves may be after it too. Whoever moves `top` has it.
    let isOurs = unsafe top.pointee.compareExchange(
      expected: high, desired: high + 1,
      successOrdering: .sequentiallyConsistent, failureOrdering: .relaxed
    ).exchanged
    unsafe bottom.pointee.store(low + 1, ordering: .releasing)
    return isOurs ? element : nil
  }

  private borrowing func grow(_ ring: Ring, _ high: Int, _ low: Int) -> Ring {
    let bigger = unsafe Ring.make(capacity: (ring.mask + 1) * 2, replacing: UInt(bitPattern: ring.memory))
    for i in high..<low {
      let element = unsafe ring.element(i).pointee.load(ordering: .relaxed)
      unsafe bigger.element(i).pointee.store(element, ordering: .relaxed)
    }
    // release: pairs with the acquiring load in `steal`: who sees the new array sees what was copied.
    unsafe array.pointee.store(UInt(bitPattern: bigger.memory), ordering: .releasing)
    return bigger
  }
}

// MARK: - Anybody

extension StealDeque {
  /// Takes the element at the top: the oldest. Nil: nothing is there, or another was quicker; then look again if
  /// `isEmpty` says no.
  public borrowing func steal() -> UInt? {
    // sequentially consistent: see `pop`.
    let high = unsafe top.pointee.load(ordering: .sequentiallyConsistent)
    // sequentially consistent, so acquiring: pairs with the stores of `bottom`.
    let low = unsafe bottom.pointee.load(ordering: .sequentiallyConsistent)
    if high >= low { return nil }
    // acquire: see `grow`. Later than `bottom`, so that the array has the element (D3).
    let ring = unsafe Ring(address: array.pointee.load(ordering: .acquiring))
    let element = unsafe ring.element(high).pointee.load(ordering: .relaxed)
    Seam.reach(.dequeStealing)
    // If it fails, what we read may be anything.
    let isOurs = unsafe top.pointee.compareExchange(
      expected: high, desired: high + 1,
      successOrdering: .sequentiallyConsistent, failureOrdering: .relaxed
    ).exchanged
    return isOurs ? element : nil
  }

  /// How many elements wait, at about this moment.
  public var count: Int {
    // relaxed: a hint; behind a fence it is as good as the fence.
    unsafe max(0, bottom.pointee.load(ordering: .relaxed) - top.pointee.load(ordering: .relaxed))
  }

  /// Whether nothing seemed to wait.
  public var isEmpty: Bool { count == 0 }
}
