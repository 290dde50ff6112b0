// What the tests of this room share: seeded randomness, threads, and raw nodes.

import Synchronization
import Foundation
import XCTest

@testable import Lanes

/// SplitMix64: small, and the same sequence for the same seed on every machine.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// A value at a fixed address that several threads may reach.
final class Shared<Value: ~Copyable>: @unchecked Sendable {
  // Sendable: tests put only values here that are themselves safe to use from many threads.
  let value: Value
  init(_ value: consuming Value) { self.value = value }
}

/// Runs `body` on `count` threads and waits for all of them.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  DispatchQueue.concurrentPerform(iterations: count, execute: body)
}

/// A gate that threads pass when all of `count` have arrived.
final class Gate: Sendable {
  private let missing: Atomic<Int>
  init(_ count: Int) { missing = Atomic(count) }
  func pass() {
    missing.subtract(1, ordering: .acquiringAndReleasing)
    while missing.load(ordering: .acquiring) > 0 { usleep(20) }
  }
}

/// An intrusive node as mailboxes use it: link, sender, number.
enum Node {
  static func make(sender: Int, number: Int) -> UnsafeMutableRawPointer {
    let node = UnsafeMutableRawPointer.allocate(byteCount: 24, alignment: 8)
    unsafe node.storeBytes(of: UInt.max, as: UInt.self)
    unsafe node.storeBytes(of: sender, toByteOffset: 8, as: Int.self)
    unsafe node.storeBytes(of: number, toByteOffset: 16, as: Int.self)
    return unsafe node
  }
  static func sender(_ node: UnsafeMutableRawPointer) -> Int {
    unsafe node.load(fromByteOffset: 8, as: Int.self)
  }
  static func number(_ node: UnsafeMutableRawPointer) -> Int {
    unsafe node.load(fromByteOffset: 16, as: Int.self)
  }
  /// Frees a chain and returns what was in it, in its order.
  static func drain(_ chain: InboxChain) -> [(sender: Int, number: Int)] {
    var out: [(Int, Int)] = []
    var rest = unsafe chain.first
    while let node = unsafe rest {
      out.append(unsafe (Node.sender(node), Node.number(node)))
      unsafe rest = unsafe UnsafeMutableRawPointer(bitPattern: node.load(as: UInt.self))
      unsafe node.deallocate()
    }
    return out
  }
}
