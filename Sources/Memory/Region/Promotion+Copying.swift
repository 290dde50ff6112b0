import Words

extension Promotion {
  /// Scans what was copied, which copies what that points at; true when there is no more, or the region is full.
  mutating func copy(until goal: Int) -> Bool {
    while !isRefused {
      if work >= goal { return false }
      if scannedLarge < largeSlabs.count {
        scanLargeObject(until: goal)
      } else if scan < filled {
        scanObject()
      } else if scanned + 1 < slabs.count {
        finishSlab()
        scanned += 1
        scan = Slab(address: slabs[scanned]).start
      } else {
        if slabs.count > 0 {
          finishSlab()
          closeSlab()
        }
        return true
      }
    }
    return true
  }

  /// The end of what is filled of the slab that is scanned.
  private var filled: UInt {
    if slabs.count == 0 { return 0 }
    return scanned + 1 == slabs.count ? top : ends[scanned]
  }

  private mutating func finishSlab() {
    guard let list = externals.finish() else { return isRefused = true }
    Slab(address: slabs[scanned]).externals = list
  }

  private mutating func scanObject() {
    let object = HeapObject(Word(bits: UInt64(scan) | 1))
    let header = object.header
    let bytes = UInt(header.size + 1) * 8
    let start = slabs[scanned]
    for i in header.members {
      let word = object[i]
      guard word.isCollectablePointer else {
        if word == .unbound { isComplete = false }
        continue
      }
      let target = move(word)
      object[i] = target
      let address = UInt(target.bits)
      if target.isRegionPointer, address < start || address >= filled {
        if externals.insert(entry(target)) { meet(target) }
      }
    }
    scan += bytes
    scannedWords += header.size + 1
  }

  /// Scans part of the large object that is next.
  private mutating func scanLargeObject(until goal: Int) {
    let slab = Slab(address: largeSlabs[scannedLarge])
    // The object's header is a forward by now, but its words are what they were (N1).
    let source = unsafe UnsafePointer<UInt64>(bitPattern: largeSources[scannedLarge]).unsafelyUnwrapped
    let object = HeapObject(Word(bits: UInt64(slab.start) | 1))
    let header = object.header
    let first = max(scanLarge, header.members.lowerBound)
    var i = first
    // Members that are no objects are charged, too: there may be millions.
    let last = i + (goal - work)
    while i < header.size && i < last && work < goal {
      let word = unsafe Word(bits: source[1 + i])
      object[i] = word
      if word.isCollectablePointer {
        let target = move(word)
        object[i] = target
        if target.isRegionPointer, Region.base(of: UInt(target.bits)) != slab.address {
          if largeExternals.insert(entry(target)) { meet(target) }
        }
      } else if word == .unbound {
        isComplete = false
      }
      i += 1
    }
    words += i - first
    scanLarge = i
    guard i >= header.size, !isRefused else { return }
    guard let list = largeExternals.finish() else { return isRefused = true }
    slab.externals = list
    scannedLarge += 1
    scanLarge = 0
  }

  /// How a region pointer is listed in externals. What was just copied lies in the newest slab.
  private func entry(_ word: Word) -> UInt64 {
    if slabs.count > 0 {
      let newest = slabs[slabs.count - 1]
      let address = UInt(word.bits)
      if address >= newest && address < end { return UInt64(newest) }
    }
    return SharedRoots.key(word.bits)
  }

  /// Takes note of an object that this graph builds on if it was promoted before.
  private mutating func meet(_ word: Word) {
    // A slab of this very promotion has no note yet: it counts for nothing.
    foundation = max(foundation, RegionObject(word.bits).extent.kibibytes)
  }

  // MARK: Objects

  /// What stands for a word in the region.
  mutating func move(_ word: Word) -> Word {
    guard word.isPrivatePointer else { return word }
    let source = HeapObject(word)
    let header = source.header
    if !header.isHeader { return PromotionTable.word(forward: header.bits) }
    if let promoted = promotions.word(for: word.bits) { return promoted }
    let size = header.size + 1
    guard let target = room(size, isRaw: header.kind.rawWords == Int.max) else {
      isRefused = true
      return .nil
    }
    if size > Promotion.notableWords { notable += 1 }
    var count = size
    if size > Promotion.largeWords && !header.members.isEmpty {
      // The rest of a large object is copied when it is scanned, in steps.
      count = 1 + header.members.lowerBound
      unsafe largeSources.append(UInt(bitPattern: source.address))
    }
    words += count
    // SAFETY: the room is this object's.
    unsafe HeapObject(target).address.update(from: source.address, count: count)
    unsafe source.address.pointee = PromotionTable.forward(to: target)
    unsafe log.append(UInt(bitPattern: source.address))
    copied += 1
    return target
  }

  /// Room for an object of so many words, as a pointer to it; nil: the region has no memory.
  private mutating func room(_ size: Int, isRaw: Bool) -> Word? {
    if size > Promotion.largeWords { return isRaw ? rawRoom(size) : largeRoom(size) }
    let bytes = UInt(size * 8)
    if end - top < bytes {
      guard openSlab(atLeast: size) else { return nil }
    }
    defer { top += bytes }
    return Word(bits: UInt64(top) | tag)
  }

  private mutating func openSlab(atLeast size: Int) -> Bool {
    let bytes = max(slabBytes, (size + Slab.headerWords) * 8)
    let address = Region.makeSlab(bytes: bytes)
    if address == 0 { return false }
    if slabs.count > 0 {
      closeSlab()
      ends.append(top)
    }
    slabs.append(address)
    top = Slab(address: address).start
    end = address + UInt(bytes)
    tag = Region.tag(bytes: bytes)
    if slabs.count == 1 { scan = top }
    slabBytes = slabs.count < 8 ? Promotion.firstSlab : Promotion.usualSlab
    return true
  }

  /// Writes a zero behind the last object, for who walks the slab.
  private func closeSlab() {
    if end - top >= 8 { unsafe UnsafeMutablePointer<UInt64>(bitPattern: top).unsafelyUnwrapped.pointee = 0 }
  }

  /// A slab for one large object.
  private mutating func largeRoom(_ size: Int) -> Word? {
    let bytes = (size + Slab.headerWords) * 8
    let address = Region.makeSlab(bytes: bytes)
    if address == 0 { return nil }
    largeSlabs.append(address)
    return Word(bits: UInt64(Slab(address: address).start) | Region.tag(bytes: bytes))
  }

  /// An object of its own, which Boehm need not read: a large string. The row of large slabs does not hold it, so the heap does.
  private mutating func rawRoom(_ size: Int) -> Word? {
    let address = Region.makeUnscanned(bytes: size * 8)
    if address == 0 { return nil }
    let word = Word(bits: UInt64(address) | Region.tag(bytes: size * 8))
    heap.hold(word)
    return word
  }
}
