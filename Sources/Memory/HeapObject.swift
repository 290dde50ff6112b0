import Words

/// An object of any heap, seen through the word that points at it.
///
///     word ──► [ header ][ word 0 ][ word 1 ] … [ word size-1 ]
///
/// Word `i` counts from behind the header, raw words included (`Header.members` are the values).
///
/// H1  The word is a pointer whose object has not moved since. Natives never collect, so within a native, and
///     between two safepoints of the machine, every `HeapObject` stays true.
/// H2  `0 ≤ i < size` for every access (asserted in debug builds).
@frozen public struct HeapObject: Equatable {
  /// The pointer, its tag bit included.
  public let word: Word

  @inlinable public init(_ word: Word) {
    assert(word.isPointer)
    self.word = word
  }

  @inlinable var address: UnsafeMutablePointer<UInt64> {
    // SAFETY: H1; a pointer word is the address of a header, but for its low tag bits.
    unsafe UnsafeMutablePointer(bitPattern: UInt(word.bits & ~7)).unsafelyUnwrapped
  }

  @inlinable public var header: Header { unsafe Header(bits: address.pointee) }
  @inlinable public var kind: ObjectKind { header.kind }
  /// Words behind the header.
  @inlinable public var size: Int { header.size }

  /// The indices of the words that are values.
  @inlinable @inline(__always) public var members: Range<Int> { header.members }

  /// Word `i` as a value.
  @inlinable public subscript(i: Int) -> Word {
    get {
      assert(i >= 0 && i < size)  // H2
      return unsafe Word(bits: address[1 &+ i])
    }
    nonmutating set {
      assert(i >= 0 && i < size)
      unsafe address[1 &+ i] = newValue.bits
    }
  }

  /// Word `i` as raw bits.
  @inlinable public func raw(_ i: Int) -> UInt64 {
    assert(i >= 0 && i < size)
    return unsafe address[1 &+ i]
  }

  @inlinable public func setRaw(_ i: Int, _ bits: UInt64) {
    assert(i >= 0 && i < size)
    unsafe address[1 &+ i] = bits
  }

  /// Copies `count` words from word `start` of `source` to word `target` of this object, which is new.
  @inlinable public func copy(_ count: Int, from source: HeapObject, at start: Int, to target: Int) {
    assert(start >= 0 && start + count <= source.size && target >= 0 && target + count <= size)
    unsafe (address + 1 + target).update(from: source.address + 1 + start, count: count)
  }
}

extension Word {
  /// Whether this is a pointer to an object of the given kind.
  @inlinable public func isObject(_ kind: ObjectKind) -> Bool {
    isPointer && HeapObject(self).header.has(kind)
  }
}
