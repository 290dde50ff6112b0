import Words

/// A piece of the region that holds objects of one promotion, and for Boehm is one object.
///
///     word 0   the address of its externals, or 0: Boehm reads this word and no other
///          1   promotion:32 │ extent:32
///          2…  objects, packed; behind the last one nothing, or a zero
///
/// *Externals* are a Boehm object that lists, once each, whatever else of the region the slab's objects point at (entries as in
/// `SharedRoots`). So Boehm's work grows with the number of slabs, not with what lies in them. A pointer to any object of
/// the slab keeps the slab alive, and with it its externals.
///
/// *Extent*: what the whole promoted graph takes, in KiB, the largest graph that it builds on included.
struct Slab {
  let address: UInt

  init(address: UInt) { self.address = address }

  static var headerWords: Int { 2 }

  private var words: UnsafeMutablePointer<UInt64> {
    // SAFETY: an address that `Region.makeSlab` gave, kept alive by whoever asks.
    unsafe UnsafeMutablePointer(bitPattern: address).unsafelyUnwrapped
  }

  /// The first object's address.
  var start: UInt { address + UInt(Slab.headerWords * 8) }

  var externals: UInt {
    get { unsafe UInt(words[0]) }
    nonmutating set { unsafe words[0] = UInt64(newValue) }
  }

  func setNote(promotion: UInt32, extent: UInt32) {
    unsafe words[1] = UInt64(promotion) << 32 | UInt64(extent)
  }

  var promotion: UInt32 { unsafe UInt32(words[1] >> 32) }
  var extent: UInt32 { unsafe UInt32(truncatingIfNeeded: words[1]) }

  /// Every entry of the externals.
  func forEachExternal(_ body: (UInt64) -> Void) {
    guard externals != 0 else { return }
    let count = Region.size(of: externals) / 8
    for i in 0..<count {
      let entry = unsafe UnsafePointer<UInt64>(bitPattern: externals).unsafelyUnwrapped[i]
      if entry != 0 { body(entry) }
    }
  }
}

/// What a region pointer, or an entry of `SharedRoots`, leads to.
enum RegionObject {
  /// An object of its own: a large string.
  case single(HeapObject)
  case slab(Slab)

  init(_ pointer: UInt64) {
    let base = Region.base(of: UInt(pointer))
    // An object of its own begins with its header, whose bit 0 is set; a slab with an address or 0.
    let first = unsafe UnsafePointer<UInt64>(bitPattern: base).unsafelyUnwrapped.pointee
    self = first & 1 == 1 ? .single(HeapObject(Word(bits: UInt64(base) | 1))) : .slab(Slab(address: base))
  }

  /// What it counts for, in KiB, and the promotion that it belongs to (0: none).
  var extent: (promotion: UInt32, kibibytes: UInt32) {
    switch self {
    case .single(let object): (0, UInt32(clamping: (object.size + 1 + 127) / 128))
    case .slab(let slab): (slab.promotion, slab.extent)
    }
  }
}
