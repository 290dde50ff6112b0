import Glibc
import Synchronization

/// The sizes that are recycled without malloc: message cells and small process blocks.
@frozen public enum PoolClass: Int, CaseIterable, Sendable {
  case words8, words16, words32, words48, words64, words96, words128
  /// Cells whose words are roots of the shared region. They are cleared when they are given back.
  case scanned8, scanned16

  @inlinable public var words: Int {
    switch self {
    case .words8, .scanned8: 8
    case .words16, .scanned16: 16
    case .words32: 32
    case .words48: 48
    case .words64: 64
    case .words96: 96
    case .words128: 128
    }
  }

  /// Whether its pieces are roots of the shared region.
  var isScanned: Bool { self == .scanned8 || self == .scanned16 }
}

/// A scheduler's own free lists of small pieces of memory, one for each `PoolClass`.
///
/// P1  One thread at a time uses a pool. Pieces wander: whoever frees one keeps it.
/// P2  A list that grows past two batches gives one to the depot that all pools share; an empty one takes one from there.
/// P3  Pieces are carved from slabs, which go back to malloc only when all their pieces lie in the depot and memory is short.
@frozen @safe public struct Pool: @unchecked Sendable {
  /// For each class: the first free piece (0: none), and how many there are.
  @usableFromInline let lists: UnsafeMutablePointer<(first: UInt, count: Int)>
  /// An area for what survives a minor collection until it is over, or 0, and its size.
  private let scratchArea: UnsafeMutablePointer<(area: UInt, words: Int)>
  /// Slabs that were made although memory is short: `take` cannot fail. Whoever runs must pay for them.
  private let shortSlabs: UnsafeMutablePointer<Int>

  public init() {
    unsafe shortSlabs = .allocate(capacity: 1)
    unsafe shortSlabs.initialize(to: 0)
    unsafe scratchArea = .allocate(capacity: 1)
    unsafe scratchArea.initialize(to: (0, 0))
    unsafe lists = .allocate(capacity: PoolClass.allCases.count)
    unsafe lists.initialize(repeating: (0, 0), count: PoolClass.allCases.count)
  }

  /// The address of a piece whose contents are anything.
  @inlinable @inline(__always) public func take(_ size: PoolClass) -> UInt {
    let list = unsafe lists + size.rawValue
    let piece = unsafe list.pointee.first
    if piece == 0 { return refill(size) }
    // SAFETY: P1; a free piece's first word is the next one's address.
    unsafe list.pointee.first = UnsafePointer<UInt>(bitPattern: piece).unsafelyUnwrapped.pointee
    unsafe list.pointee.count &-= 1
    return piece
  }

  @inlinable @inline(__always) public func give(_ piece: UInt, _ size: PoolClass) {
    let list = unsafe lists + size.rawValue
    unsafe UnsafeMutablePointer<UInt>(bitPattern: piece).unsafelyUnwrapped.pointee = list.pointee.first
    unsafe list.pointee.first = piece
    unsafe list.pointee.count &+= 1
    if unsafe list.pointee.count >= 2 * Depot.batch { giveBatch(size) }
  }

  /// An area of at least so many words, whose contents are anything; the next call may give the same one.
  func scratch(words: Int) -> UInt {
    if unsafe scratchArea.pointee.words < words {
      unsafe Glibc.free(UnsafeMutableRawPointer(bitPattern: scratchArea.pointee.area))
      let area = UInt(bitPattern: unsafe malloc(words * 8))
      if area == 0 { fatalError("out of memory: the system refused \(words * 8) bytes for a collection") }
      unsafe scratchArea.pointee = (area, words)
    }
    return unsafe scratchArea.pointee.area
  }

  /// Whether what was taken from the system through this pool since the last question is too much: anything, if the VM may
  /// take no more; some slabs, if there is only a reserve left, so that those who take little go on.
  public func takeShortage() -> Bool {
    defer { unsafe shortSlabs.pointee = 0 }
    return unsafe shortSlabs.pointee >= Pool.tooManySlabs
  }

  /// Some 250 messages in one turn.
  private static var tooManySlabs: Int { 4 }

  @usableFromInline @inline(never) func refill(_ size: PoolClass) -> UInt {
    let list = unsafe lists + size.rawValue
    if !Depot.shared.hasBatch(size), MemoryAccount.isShort {
      unsafe shortSlabs.pointee += MemoryAccount.allows(0) ? 1 : Pool.tooManySlabs
    }
    unsafe list.pointee = (Depot.shared.takeBatch(size), Depot.batch)
    return take(size)
  }

  @usableFromInline @inline(never) func giveBatch(_ size: PoolClass) {
    let list = unsafe lists + size.rawValue
    let first = unsafe list.pointee.first
    var last = unsafe UnsafeMutablePointer<UInt>(bitPattern: first).unsafelyUnwrapped
    for _ in 1..<Depot.batch {
      unsafe last = UnsafeMutablePointer<UInt>(bitPattern: last.pointee).unsafelyUnwrapped
    }
    unsafe list.pointee.first = last.pointee
    unsafe list.pointee.count -= Depot.batch
    unsafe last.pointee = 0
    Depot.shared.giveBatch(first, size)
  }
}
