import Words

/// Walks a private heap and says what is wrong with it: the invariants of `HeapState`, `Header` and `Word` as code.
/// Tests call it, and `LUDI_COLLECT=every` calls it after each collection. It reads and writes nothing else.
///
/// What is checked, by the names of the invariants:
///
///     S1  the order of base, stackTop, top and end
///     S2  block and chunks are objects without gaps, each of a known kind and shape
///     S3  every live word of the stack, every other root and every word of an object is a value
///     V2  a private pointer leads to an object of this heap; any other pointer is tagged as shared
///     G1  a region pointer leads to what the heap's shared roots keep alive (`RegionCheck`)
///     W1  no number is a NaN but the canonical one
///     N1  with generations: an old object points at a young one only where that is remembered
///     N4  with generations: nothing young lies below the stack's watermark
@safe public struct HeapCheck {
  /// Where objects lie, with a mark for each word that is a header.
  private var regions: [Area] = []
  private var region: RegionCheck?

  private struct Area {
    let start: UInt
    let end: UInt
    let isOld: Bool
    /// A bit for each word: an object begins here.
    var headers: [UInt64]

    func holds(_ address: UInt) -> Bool { address >= start && address < end }

    func isHeader(_ address: UInt) -> Bool {
      let word = Int(address - start) / 8
      return headers[word / 64] >> UInt64(word % 64) & 1 == 1
    }
  }

  /// What is wrong with a heap; nil: nothing.
  /// - Parameters:
  ///   - state: the heap; nobody changes it meanwhile
  ///   - liveStack: words from the block's start that hold values and links
  ///   - settled: words from the block's start that hold nothing young
  ///   - visitRoots: calls its argument with the place of every root outside the stack
  public static func complaint(
    about state: UnsafeMutablePointer<HeapState>, liveStack: Int, settled: Int = 0,
    visitRoots: ((UnsafeMutablePointer<UInt64>) -> Void) -> Void = { _ in }
  ) -> String? {
    var check = HeapCheck()
    if unsafe state.pointee.more != nil {
      check.region = unsafe RegionCheck(roots: state.pointee.more?.pointee.roots ?? SharedRoots())
    }
    return unsafe check.orderOf(state, liveStack) ?? check.enter(state) ?? check.objects()
      ?? check.stack(state, liveStack) ?? check.roots(visitRoots) ?? check.region?.complaintAboutRoots()
      ?? check.generations(state, settled: settled)
  }

  /// S1.
  private func orderOf(_ state: UnsafeMutablePointer<HeapState>, _ liveStack: Int) -> String? {
    let base = unsafe state.pointee.base
    let end = unsafe state.pointee.end
    let stackTop = unsafe state.pointee.stackTop
    let lowest = unsafe Heap(unsafe: state).lowestObject
    if unsafe state.pointee.wantsCollection && state.pointee.top != base {
      return "S1: a collection was requested, but the block has room"
    }
    guard base <= stackTop, stackTop <= lowest, lowest <= end else {
      return
        "S1: base \(hex(base)), stack top \(hex(stackTop)), lowest object \(hex(lowest)), end \(hex(end))"
    }
    if base + UInt(liveStack * 8) > stackTop {
      return "S1: \(liveStack) live words do not fit below the stack top"
    }
    return base % 8 == 0 && stackTop % 8 == 0 && lowest % 8 == 0 && end % 8 == 0 ? nil : "S1: unaligned"
  }

  // MARK: Objects

  /// Finds every object (S2).
  private mutating func enter(_ state: UnsafeMutablePointer<HeapState>) -> String? {
    let lowest = unsafe Heap(unsafe: state).lowestObject
    if let wrong = unsafe enter(from: lowest, to: state.pointee.end) { return wrong }
    return unsafe enter(chain: state.pointee.chunks)
      ?? enter(chain: state.pointee.more?.pointee.old.newest, isOld: true)
  }

  private mutating func enter(chain: UnsafeMutablePointer<Chunk>?, isOld: Bool = false) -> String? {
    var chunk = unsafe chain
    while let current = unsafe chunk {
      let start = Chunk.start(UInt(bitPattern: current))
      let top = unsafe current.pointee.top
      if unsafe top > current.pointee.end { return "S2: a chunk is filled beyond its end" }
      if let wrong = enter(from: start, to: top, isOld: isOld) { return wrong }
      unsafe chunk = current.pointee.next
    }
    return nil
  }

  private mutating func enter(from start: UInt, to end: UInt, isOld: Bool = false) -> String? {
    var region = Area(
      start: start, end: end, isOld: isOld,
      headers: Array(repeating: 0, count: Int(end - start) / 8 / 64 + 1))
    var address = start
    while address < end {
      let header = Header(bits: word(at: address))
      guard header.isHeader, ObjectKind(rawValue: UInt8(truncatingIfNeeded: header.bits >> 8)) != nil else {
        return "S2: \(hex(UInt(header.bits))) at \(hex(address)) is no header"
      }
      let next = address + UInt(header.size + 1) * 8
      if next > end {
        return "S2: the \(header.kind) of \(header.size) words at \(hex(address)) ends outside"
      }
      if let wrong = ObjectShape.complaint(about: HeapObject(Word(bits: UInt64(address)))) {
        return "S2: the \(header.kind) of \(header.size) words at \(hex(address)) \(wrong)"
      }
      let index = Int(address - start) / 8
      region.headers[index / 64] |= 1 << UInt64(index % 64)
      address = next
    }
    regions.append(region)
    return nil
  }

  /// Every word of every object.
  private func objects() -> String? {
    for region in regions {
      var address = region.start
      while address < region.end {
        let object = HeapObject(Word(bits: UInt64(address)))
        for i in object.members {
          guard let wrong = complaint(about: object[i]) ?? nanComplaint(object[i]) else { continue }
          return "word \(i) of the \(object.kind) of \(object.size) words at \(hex(address)): \(wrong)"
        }
        address += UInt(object.size + 1) * 8
      }
    }
    return nil
  }

  // MARK: Roots

  private func stack(_ state: UnsafeMutablePointer<HeapState>, _ liveStack: Int) -> String? {
    for i in 0..<liveStack {
      let bits = unsafe word(at: state.pointee.base + UInt(i * 8))
      if let wrong = complaint(about: Word(bits: bits)) {
        return "word \(i) of \(liveStack) of the stack: \(wrong)"
      }
    }
    return nil
  }

  private func roots(_ visitRoots: ((UnsafeMutablePointer<UInt64>) -> Void) -> Void) -> String? {
    var found: String?
    var count = 0
    unsafe visitRoots { place in
      if found == nil, let wrong = unsafe complaint(about: Word(bits: place.pointee)) {
        found = "root \(count): \(wrong)"
      }
      count += 1
    }
    return found
  }

  // MARK: Generations

  private func generations(_ state: UnsafeMutablePointer<HeapState>, settled: Int) -> String? {
    guard let more = unsafe state.pointee.more, unsafe more.pointee.isGenerational else { return nil }
    for i in 0..<settled {
      let bits = unsafe word(at: state.pointee.base + UInt(i * 8))
      if isYoung(Word(bits: bits)) { return "N4: word \(i) of \(settled) below the watermark is young" }
    }
    var remembered: Set<UInt> = []
    for i in 0..<(unsafe more.pointee.remembered.count) {
      unsafe remembered.insert(UInt(bitPattern: more.pointee.remembered[i]))
    }
    for region in regions where region.isOld {
      if let wrong = youngPointer(in: region, remembered) { return wrong }
    }
    return nil
  }

  private func youngPointer(in region: Area, _ remembered: Set<UInt>) -> String? {
    var address = region.start
    while address < region.end {
      let object = HeapObject(Word(bits: UInt64(address)))
      for i in object.members where isYoung(object[i]) {
        if remembered.contains(address + UInt(1 + i) * 8) { continue }
        return "N1: word \(i) of the old \(object.kind) of \(object.size) words at \(hex(address)) is young"
      }
      address += UInt(object.size + 1) * 8
    }
    return nil
  }

  private func isYoung(_ word: Word) -> Bool {
    guard word.isPrivatePointer else { return false }
    return regions.first { $0.holds(UInt(word.bits)) }?.isOld == false
  }

  // MARK: Words

  private func complaint(about word: Word) -> String? {
    if word.isNumber { return nil }
    if word.isImmediate { return immediateComplaint(word) }
    if word.bits == 0 { return "W2: zero is not a value" }
    let address = UInt(word.bits & ~7)
    if word.isRegionPointer, let wrong = region?.complaint(about: word) { return wrong }
    if word.isSharedPointer {
      let header = Header(bits: self.word(at: address))
      let isKnown =
        header.isHeader && ObjectKind(rawValue: UInt8(truncatingIfNeeded: header.bits >> 8)) != nil
      return isKnown ? nil : "a shared pointer \(hex(UInt(word.bits))) to what is no object"
    }
    if UInt(word.bits) != address { return "V2: the pointer \(hex(UInt(word.bits))) is not aligned" }
    guard let region = regions.first(where: { $0.holds(address) }) else {
      return "V2: the pointer \(hex(address)) leads out of this heap"
    }
    return region.isHeader(address)
      ? nil : "V2: the pointer \(hex(address)) leads into the middle of an object"
  }

  private func immediateComplaint(_ word: Word) -> String? {
    guard let tag = ImmediateTag(rawValue: word.bits & 15) else {
      return "no immediate is \(hex(UInt(word.bits)))"
    }
    // `request` is the last constant; a native's answer is never kept.
    if tag == .constant && word.immediateValue >= Word.request.immediateValue {
      return "no value is constant \(word.immediateValue)"
    }
    return nil
  }

  private func nanComplaint(_ word: Word) -> String? {
    guard word.isNumber, word.number.isNaN, word != Word(Double.nan) else { return nil }
    return "W1: a NaN with the bits \(hex(UInt(word.bits)))"
  }

  private func word(at address: UInt) -> UInt64 {
    // SAFETY: the caller has checked that the address is within the heap, or it is a shared object's.
    unsafe UnsafePointer<UInt64>(bitPattern: address).unsafelyUnwrapped.pointee
  }

  private func hex(_ x: UInt) -> String { "0x" + String(x, radix: 16) }
}
