import Synchronization
import Words

/// The way of one value into the shared region: its graph is copied into slabs, breadth-first (Cheney), in steps between
/// which the process may be preempted. Sharing and cycles are kept; what is promoted already, by anyone, stays where it is.
///
/// While it lasts, the header of each copied object is a forward to its region object (`PromotionTable`). A last pass sets
/// the headers right again and enters the objects into the process's promotion table.
///
/// N1  Between the first step and the last, nobody but the promotion reads the graph, and nothing collects it.
/// N2  Every copied object is in `log`; the region object has its true header.
/// N3  All slabs made so far are in `slabs`, which Boehm scans. Once all externals are there, the root's slab
///     keeps all others alive.
/// N4  A record of names that are not all bound yet is written to later: then nothing of this graph is entered into the table,
///     and the region has a snapshot.
@safe public struct Promotion: ~Copyable {
  public enum Progress {
    /// The budget is used up.
    case paused
    /// `value` is a region pointer, which the heap holds.
    case done
    /// The region has no memory. The graph is as it was.
    case refused
  }

  enum Phase {
    case copying
    case noting
    case widening
    case restoring
    case over
  }

  let heap: Heap
  let promotions: PromotionTable
  var phase = Phase.copying
  /// The slabs in which objects are packed, and how far each is filled.
  var slabs = RootRow()
  var ends = AddressLog()
  /// The slab that is scanned (its index), and how far.
  var scanned = 0
  var scan: UInt = 0
  var externals = Externals()
  /// Slabs with one large object each and where these objects were; how many are scanned, and how far the next one is.
  var largeSlabs = RootRow()
  var largeSources = AddressLog()
  var scannedLarge = 0
  var scanLarge = 0
  var largeExternals = Externals()
  /// Free room in the newest slab.
  var top: UInt = 0
  var end: UInt = 0
  var slabBytes: Int
  /// The tag of pointers into the newest slab.
  var tag: UInt64 = 1
  var log = AddressLog()
  /// How many objects have been copied: the log's length, until the last pass begins to shorten it.
  var copied = 0
  /// Objects of the log that are large enough for the table if it is not to hold all.
  var notable = 0
  /// The table that will hold what is promoted, if the process's own has no room (`widen`), and how much of that is done.
  var wider = PromotionTable()
  var touchedPages = 0
  var movedPlaces = 0
  var isComplete = true
  var isRefused = false
  /// How far the last passes are.
  var noted = 0
  var restored = 0
  /// The largest graph that this one builds on, in KiB.
  var foundation: UInt32 = 0
  let number: UInt32

  /// What the root has become; a region pointer once it is done.
  public internal(set) var value: Word = .nil
  /// Words copied so far, and words of copies in small slabs that were scanned.
  public internal(set) var words = 0
  public internal(set) var scannedWords = 0

  static let numbers = Atomic<UInt32>(1)

  /// Begins to promote a value of a heap.
  /// - Parameter words: what it takes, if that is known and small, so that its slab may be small
  public init(_ root: Word, of heap: Heap, words: Int? = nil) {
    self.heap = heap
    heap.prepareForRegion()
    promotions = heap.promotions
    number = Promotion.numbers.wrappingAdd(1, ordering: .relaxed).newValue
    let bytes = ((words ?? Int.max / 16) + Slab.headerWords) * 8
    slabBytes = min(bytes, Promotion.firstSlab)
    value = move(root)
  }

  deinit {
    // A process that was killed meanwhile leaves it.
    var left = wider
    left.release()
  }

  /// Bytes of usual slabs: four of Boehm's pages, of which it takes a few bytes; and of the first ones, so that a value of
  /// a few thousand words wastes little.
  static var usualSlab: Int { 4 * 4096 - 16 }
  static var firstSlab: Int { 2 * 4096 - 16 }
  /// Words from which on an object gets a slab of its own.
  static var largeWords: Int { 1000 }
  /// A table of up to so many entries takes in every object that was promoted, a larger one those of at least `notableWords`.
  static var smallTable: Int { 1 << 15 }
  static var notableWords: Int { 8 }

  /// What has been done so far, in the time that it takes to copy a word: what is to be charged. An object that is made,
  /// a slab that is noted and an object that is restored cost cache misses besides, a page must be cleared.
  public var work: Int {
    words + scannedWords / 2 + copied * 8 + noted * 16 + restored * 64
      + touchedPages * Promotion.pageWork + movedPlaces * 8
  }

  /// The system takes 1 to 10 µs for a page, and in a virtual machine whose host must find it first ten times that.
  static var pageWork: Int { 1024 }

  /// Goes on with about `budget` words more.
  public mutating func step(budget: Int) -> Progress {
    let goal = work + budget
    if phase == .copying {
      if copy(until: goal) { phase = .noting }
      if isRefused {
        while !restore(until: Int.max) {}
        return .refused
      }
    }
    if phase == .noting && note(until: goal) { beginWidening() }
    if phase == .widening && widen(until: goal) { phase = .restoring }
    if phase == .restoring && restore(until: goal) { phase = .over }
    return phase == .over ? .done : .paused
  }

  // MARK: The last passes

  /// Writes into each slab what the graph takes.
  private mutating func note(until goal: Int) -> Bool {
    let extent = UInt32(clamping: (words + 127) / 128 + Int(foundation))
    while noted < slabs.count + largeSlabs.count {
      if work >= goal { return false }
      let address = noted < slabs.count ? slabs[noted] : largeSlabs[noted - slabs.count]
      Slab(address: address).setNote(promotion: number, extent: extent)
      noted += 1
    }
    return true
  }

  private mutating func beginWidening() {
    phase = .widening
    heap.hold(value)
    guard isComplete else { return }
    let entries = copied <= Promotion.smallTable ? copied : notable + 1
    wider = heap.promotions.widened(by: entries) ?? PromotionTable()
  }

  /// Makes room in the process's table in steps; true once it is there. (Entries at random places of fresh memory meant a page
  /// fault each, and thus steps of more than a millisecond.)
  private mutating func widen(until goal: Int) -> Bool {
    if wider.capacity == 0 { return true }
    while touchedPages < wider.freshPages {
      if work >= goal { return false }
      let next = min(touchedPages + 8, wider.freshPages)
      wider.touch(touchedPages..<next)
      touchedPages = next
    }
    let old = heap.promotions
    while movedPlaces < old.capacity {
      if work >= goal { return false }
      let next = min(movedPlaces + 64, old.capacity)
      wider.enterAll(of: old, in: movedPlaces..<next)
      movedPlaces = next
    }
    heap.replacePromotions(by: wider)
    wider = PromotionTable()
    return true
  }

  /// Gives the objects their headers back, the last one first; true once all have them.
  private mutating func restore(until goal: Int) -> Bool {
    let entersAll = copied <= Promotion.smallTable
    while restored < copied {
      if work >= goal { break }
      let i = copied - restored - 1
      // SAFETY: N2.
      let object = unsafe UnsafeMutablePointer<UInt64>(bitPattern: log[i]).unsafelyUnwrapped
      let word = unsafe PromotionTable.word(forward: object.pointee)
      let header = HeapObject(word).header
      unsafe object.pointee = header.bits
      if phase == .restoring, isComplete, entersAll || i == 0 || header.size >= Promotion.notableWords {
        heap.enterPromotion(UInt64(log[i]), word)
      }
      restored += 1
    }
    log.truncate(to: copied - restored)
    return restored == copied
  }
}
