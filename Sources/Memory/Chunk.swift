import Glibc
import Words

/// A piece of heap outside a process's block: overflow of an allocation between two safepoints, a message's
/// fragment, or a segment of the old generation. Objects are allocated upwards from behind this header.
@frozen @safe public struct Chunk {
  public var next: UnsafeMutablePointer<Chunk>?
  /// First free byte, and the byte behind the last.
  public var top: UInt
  public var end: UInt
  /// The table of the `SharedRoots` of a message in this chunk and those behind it; 0: none.
  var roots: UInt
  /// Words of the heap block that it fills; 0: it came from malloc.
  var blockWords: UInt32
  /// It holds (part of) a message that nothing young points into and that points at nothing young.
  var isFragment: Bool

  /// A new chunk with room for `words`; nil if the system has no memory.
  @usableFromInline static func make(words: Int, next: UnsafeMutablePointer<Chunk>?) -> UnsafeMutablePointer<
    Chunk
  >? {
    let bytes = headerBytes + words * 8
    guard let raw = unsafe malloc(bytes) else { return nil }
    MemoryAccount.add(bytes)
    let start = UInt(bitPattern: raw)
    let chunk = unsafe raw.assumingMemoryBound(to: Chunk.self)
    unsafe chunk.initialize(
      to: Chunk(
        next: next, top: start + UInt(headerBytes), end: start + UInt(bytes), roots: 0, blockWords: 0,
        isFragment: false))
    return unsafe chunk
  }

  /// The size of a chunk, header included.
  static func words(_ chunk: UnsafeMutablePointer<Chunk>) -> Int {
    unsafe Int(chunk.pointee.end - UInt(bitPattern: chunk)) / 8
  }

  static var headerBytes: Int { MemoryLayout<Chunk>.stride }

  /// The first object's address in a chunk at this address.
  static func start(_ chunk: UInt) -> UInt { chunk + UInt(headerBytes) }

  /// Gives one piece of memory back, whatever hangs on it.
  static func free(_ chunk: UnsafeMutablePointer<Chunk>) {
    MemoryAccount.remove(unsafe Int(chunk.pointee.end - UInt(bitPattern: chunk)))
    unsafe Glibc.free(chunk)
  }

  /// Frees a chain of chunks.
  public static func free(chain: UnsafeMutablePointer<Chunk>?) {
    var chunk = unsafe chain
    while let current = unsafe chunk {
      unsafe chunk = current.pointee.next
      if unsafe current.pointee.roots != 0 { unsafe Region.freeRoots(current.pointee.roots) }
      unsafe free(current)
    }
  }
}
