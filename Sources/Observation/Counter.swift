import Synchronization

/// A number that one thread raises and any thread may read, a moment old. No locked instruction.
@frozen public struct Counter: ~Copyable, Sendable {
  @usableFromInline let value = Atomic<UInt64>(0)

  @inlinable public init() {}

  /// Only the one thread that owns this counter may.
  @inlinable public func add(_ amount: UInt64) {
    value.store(value.load(ordering: .relaxed) &+ amount, ordering: .relaxed)
  }

  @inlinable public var now: UInt64 { value.load(ordering: .relaxed) }
}
