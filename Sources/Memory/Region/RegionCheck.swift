import Synchronization
import Words

/// Walks what a heap holds of the region and says what is wrong with it, for `HeapCheck`.
///
///     R2, G1  a region pointer leads to an object of a Boehm object that is reachable from the shared roots
///     R3      no object of the region points into a private heap
@safe struct RegionCheck {
  /// Where the Boehm objects begin that the roots keep alive.
  private var reached: Set<UInt> = []
  private var complaint: String?

  /// Slabs, by promotion, that were found to be sound: they never change.
  private static let sound = Mutex<Set<UInt64>>([])

  init(roots: SharedRoots) {
    var queue: [UInt64] = []
    roots.forEach { queue.append($0) }
    ImmortalArea.forEachRoot { queue.append($0) }
    while let entry = queue.popLast() {
      let base = Region.base(of: UInt(entry))
      if base == 0 {
        complaint = "R2: the root \(entry) leads to nothing that Boehm knows"
        return
      }
      guard reached.insert(base).inserted else { continue }
      guard case .slab(let slab) = RegionObject(entry) else { continue }
      slab.forEachExternal { queue.append($0) }
      if complaint == nil { complaint = RegionCheck.complaint(about: slab) }
    }
  }

  /// What is wrong with the roots, or with anything that they reach; nil: nothing.
  func complaintAboutRoots() -> String? { complaint }

  /// What is wrong with a region pointer of the heap; nil: nothing.
  func complaint(about word: Word) -> String? {
    let base = Region.base(of: UInt(word.bits))
    if base == 0 { return "R2: a pointer into the region leads to what Boehm has freed" }
    return reached.contains(base) ? nil : "G1: an object of the region is reached, but by no shared root"
  }

  private static func complaint(about slab: Slab) -> String? {
    let end = slab.address + UInt(Region.size(of: slab.address))
    let key = UInt64(slab.address) << 16 ^ UInt64(slab.promotion)
    if sound.withLock({ $0.contains(key) }) { return nil }
    var address = slab.start
    while address + 8 <= end {
      let object = HeapObject(Word(bits: UInt64(address) | 1))
      let header = object.header
      if header.bits == 0 || !header.isHeader { break }
      for i in header.members {
        if object[i].isPrivatePointer { return "R3: an object of the region points into a private heap" }
        if object[i].isRegionPointer, Region.base(of: UInt(object[i].bits)) == 0 {
          return "R2: an object of the region points at what Boehm has freed"
        }
      }
      address += UInt(header.size + 1) * 8
    }
    sound.withLock { _ = $0.insert(key) }
    return nil
  }
}
