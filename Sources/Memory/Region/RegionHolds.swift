import CBoehm

/// What one heap holds of the shared region, in KiB, and when it is to find out what it can let go of. All figures are
/// estimates: a promoted graph counts as a whole.
///
/// A graph that is received part by part, each part under a root of its own, counts once: as *held* (for `:max_heap`) once since
/// the last full collection; as *new*, which brings about the next one, not even behind that. Else a process that receives
/// parts of one large graph, and is soon done with each, would collect for every part.
///
/// L1  New KiB are there so that whoever holds large garbage lets go of it in time. Garbage can grow by what is made only, and
///     what is made has a promotion number that nobody has met. A graph that comes again was kept alive meanwhile by others: the
///     sender, or a toplevel name. So what this heap may keep for nothing is what it might have kept anyway and at most
///     `met.count` graphs that came again, and those no longer than `mostRepeats` more roots.
/// L2  Objects of their own have no number, and their addresses are used again; but only behind a collection of Boehm's.
struct RegionHolds {
  /// KiB that are held.
  private(set) var kibibytes = 0
  /// Those of them that the last full collection left; those that have come since and are new.
  private var leftKibibytes = 0
  private var newKibibytes = 0
  /// Roots that have come since of graphs that are not new, and how many may come: they cost Boehm time, too.
  private var repeats = 0
  private var mostRepeats = RegionHolds.leastRepeats

  /// The graphs that were met last, the latest first. 0: none.
  private var met = InlineArray<8, UInt64>(repeating: 0)
  /// Whether its KiB are counted as held.
  private var isHeld = InlineArray<8, Bool>(repeating: false)

  private static var leastRepeats: Int { 8 << 10 }
  /// KiB that are no reason for a collection, new as they may be.
  private static var patience: Int { 8 << 10 }
  /// An object of its own of fewer KiB is new whenever it comes: it is not worth a place in `met`.
  private static var smallestSingle: UInt32 { 1 << 10 }

  /// What a region pointer, or an entry of `SharedRoots`, is met as (0: it is new whenever it comes), and its KiB.
  static func measure(_ entry: UInt64) -> (graph: UInt64, kibibytes: Int) {
    let object = RegionObject(entry)
    let (promotion, kibibytes) = object.extent
    var graph = UInt64(promotion)
    if case .single(let object) = object, kibibytes >= smallestSingle {
      // L2.
      let address = unsafe UInt64(UInt(bitPattern: object.address))
      graph = 1 << 63 | UInt64(GC_get_gc_no() & 0x7FFF) << 48 | address
    }
    return (graph, Int(kibibytes))
  }

  /// Whether as much is new as was held: then the next collection is to be a full one, and to come soon.
  var asksForCollection: Bool {
    newKibibytes > max(leftKibibytes, RegionHolds.patience) || repeats > mostRepeats
  }

  /// Counts what a new root leads to.
  mutating func add(root: UInt64) {
    let (graph, kibibytes) = RegionHolds.measure(root)
    add(graph, kibibytes)
  }

  /// Counts what the roots of a message lead to.
  mutating func add(all roots: SharedRoots) { roots.forEachGraph { add($0, $1) } }

  private mutating func add(_ graph: UInt64, _ size: Int) {
    var place = 0
    while place < met.count - 1 && met[place] != graph { place += 1 }
    let isKnown = graph != 0 && met[place] == graph
    if !(isKnown && isHeld[place]) { kibibytes += size }
    if isKnown { repeats += 1 } else { newKibibytes += size }
    if graph == 0 { return }
    while place > 0 {
      met[place] = met[place - 1]
      isHeld[place] = isHeld[place - 1]
      place -= 1
    }
    met[0] = graph
    isHeld[0] = true
  }

  /// A full collection has left these roots.
  mutating func begin(with roots: SharedRoots) {
    kibibytes = 0
    newKibibytes = 0
    repeats = 0
    mostRepeats = max(RegionHolds.leastRepeats, roots.count)
    for i in isHeld.indices { isHeld[i] = false }
    roots.forEachGraph { graph, size in
      kibibytes += size
      if graph == 0 { return }
      for i in met.indices where met[i] == graph { isHeld[i] = true }
    }
    leftKibibytes = kibibytes
  }
}
