import Words

/// A moment in a heap's life, to which it can be taken back.
public struct HeapMark {
  fileprivate let top: UInt
  /// The address of the newest chunk; 0: there was none.
  fileprivate let chunk: UInt
  fileprivate let chunkTop: UInt
  fileprivate let chunkWords: Int
}

extension Heap {
  /// The heap as it is now.
  public func mark() -> HeapMark {
    unsafe HeapMark(
      top: lowestObject, chunk: UInt(bitPattern: state.pointee.chunks),
      chunkTop: state.pointee.chunks?.pointee.top ?? 0, chunkWords: state.pointee.chunkWords)
  }

  /// Drops all objects that were made since a mark. Nothing that is still used may point at them, and there was no
  /// collection since. A collection that was requested meanwhile stays requested.
  public func rewind(to mark: HeapMark) {
    if unsafe state.pointee.wantsCollection {
      unsafe state.pointee.topBefore = mark.top
    } else {
      unsafe state.pointee.top = mark.top
    }
    while let chunk = unsafe state.pointee.chunks, UInt(bitPattern: chunk) != mark.chunk {
      unsafe state.pointee.chunks = chunk.pointee.next
      unsafe chunk.pointee.next = nil
      unsafe Chunk.free(chain: chunk)
    }
    if let chunk = unsafe state.pointee.chunks { unsafe chunk.pointee.top = mark.chunkTop }
    unsafe state.pointee.chunkWords = mark.chunkWords
  }
}
