import Glibc
import Synchronization

/// Batches of free pieces that no pool holds. A pool comes here once in `batch` operations at most.
@usableFromInline final class Depot: Sendable {
  /// Pieces in a batch. Larger: fewer visits, more memory lying in pools; 64 makes the lock's share of an operation < 1 ns.
  @usableFromInline static let batch = 64
  @usableFromInline static let shared = Depot()

  /// What there is of a class.
  private struct Shelf {
    /// The addresses of the first pieces of batches.
    var batches: [UInt] = []
    /// All slabs that have been made.
    var slabs: [UInt] = []
  }

  private let shelves = Mutex<[Shelf]>(Array(repeating: Shelf(), count: PoolClass.allCases.count))

  func hasBatch(_ size: PoolClass) -> Bool { shelves.withLock { !$0[size.rawValue].batches.isEmpty } }

  func takeBatch(_ size: PoolClass) -> UInt {
    shelves.withLock { $0[size.rawValue].batches.popLast() } ?? carve(size)
  }

  func giveBatch(_ first: UInt, _ size: PoolClass) {
    shelves.withLock { $0[size.rawValue].batches.append(first) }
  }

  /// Bytes of all pieces that lie here.
  var spareBytes: Int {
    shelves.withLock { shelves in
      PoolClass.allCases.reduce(0) { $0 + shelves[$1.rawValue].batches.count * Depot.batch * $1.words * 8 }
    }
  }

  /// A new slab, cut up: one batch. Pieces are 64-byte aligned where their size allows it.
  private func carve(_ size: PoolClass) -> UInt {
    let bytes = size.words * 8
    let start = slab(size)
    for i in 0..<Depot.batch {
      let next = i + 1 < Depot.batch ? start + UInt((i + 1) * bytes) : 0
      unsafe UnsafeMutablePointer<UInt>(bitPattern: start + UInt(i * bytes)).unsafelyUnwrapped.pointee = next
    }
    return start
  }

  private func slab(_ size: PoolClass) -> UInt {
    let bytes = size.words * 8 * Depot.batch
    if size.isScanned {
      let slab = Region.allocateRoots(words: bytes / 8)
      shelves.withLock { $0[size.rawValue].slabs.append(slab) }
      return slab
    }
    guard let slab = unsafe aligned_alloc(64, bytes) else {
      fatalError("out of memory: the system refused a slab of \(bytes) bytes")
    }
    MemoryAccount.add(bytes)
    shelves.withLock { $0[size.rawValue].slabs.append(UInt(bitPattern: slab)) }
    return UInt(bitPattern: slab)
  }

  // MARK: Giving back

  /// The most batches that are looked at at a time: a million pieces, a tenth of a second.
  private static let mostBatches = 1 << 14

  /// Gives those slabs back to malloc, or to the region, whose pieces all lie here, as far as it looks. For when memory is short:
  /// after a flood of messages their cells are of use for nothing but messages. True if there were any.
  func release() -> Bool {
    var isAny = false
    for size in PoolClass.allCases { isAny = release(size) || isAny }
    return isAny
  }

  /// The same for slabs that Boehm reads in each of its stops, if they are many. True if there were any.
  func releaseScanned(above bytes: Int) -> Bool {
    var isAny = false
    for size in PoolClass.allCases where size.isScanned {
      let batches = shelves.withLock { $0[size.rawValue].batches.count }
      if batches * Depot.batch * size.words * 8 > bytes {
        isAny = Region.withThread { release(size) } || isAny
      }
    }
    return isAny
  }

  private func release(_ size: PoolClass) -> Bool {
    // What is taken out belongs to this call alone.
    let (batches, slabs) = shelves.withLock { shelves in
      let count = min(shelves[size.rawValue].batches.count, Depot.mostBatches)
      let batches = Array(shelves[size.rawValue].batches.suffix(count))
      shelves[size.rawValue].batches.removeLast(count)
      return (batches, count == 0 ? [] : shelves[size.rawValue].slabs.sorted())
    }
    if batches.isEmpty { return false }
    let bytes = size.words * 8 * Depot.batch
    var free = [UInt8](repeating: 0, count: slabs.count)
    for batch in batches { Depot.forEach(batch) { free[Depot.index(of: $0, in: slabs)] += 1 } }
    // A slab is as much as a batch, so what is left makes whole batches again.
    var kept: [UInt] = []
    var chain: (first: UInt, count: Int) = (0, 0)
    for batch in batches {
      Depot.forEach(batch) { piece in
        if Int(free[Depot.index(of: piece, in: slabs)]) == Depot.batch { return }
        unsafe UnsafeMutablePointer<UInt>(bitPattern: piece).unsafelyUnwrapped.pointee = chain.first
        chain = (piece, chain.count + 1)
        if chain.count == Depot.batch {
          kept.append(chain.first)
          chain = (0, 0)
        }
      }
    }
    let gone = Set(slabs.indices.filter { Int(free[$0]) == Depot.batch }.map { slabs[$0] })
    shelves.withLock { shelves in
      shelves[size.rawValue].batches += kept
      if !gone.isEmpty { shelves[size.rawValue].slabs.removeAll { gone.contains($0) } }
    }
    for slab in gone {
      if size.isScanned {
        Region.freeRoots(slab)
        continue
      }
      unsafe Glibc.free(UnsafeMutableRawPointer(bitPattern: slab))
      MemoryAccount.remove(bytes)
    }
    return !gone.isEmpty
  }

  /// Each piece of a batch; `body` may write into it.
  private static func forEach(_ batch: UInt, _ body: (UInt) -> Void) {
    var piece = batch
    while piece != 0 {
      let next = unsafe UnsafePointer<UInt>(bitPattern: piece).unsafelyUnwrapped.pointee
      body(piece)
      piece = next
    }
  }

  /// The index of the last slab that begins at or below an address.
  private static func index(of piece: UInt, in slabs: [UInt]) -> Int {
    var low = 0
    var high = slabs.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if slabs[middle] <= piece { low = middle } else { high = middle }
    }
    return low
  }
}
