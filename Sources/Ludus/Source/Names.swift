/// The table of names of one compilation: finds the `Name` for a stretch of source bytes without making a
/// string, by open addressing over the bytes of first appearances.
final class Names {
  private struct Slot {
    /// Index into `all`, or -1 for a free slot.
    var name: Int32 = -1
    var hash: UInt32 = 0
    /// Where the spelling first appeared.
    var start: Int32 = 0
    var end: Int32 = 0
  }

  /// Every name by its id.
  private(set) var all: [Name] = []
  private let bytes: [UInt8]
  /// A power of two of slots, at most half of them taken.
  private var slots = [Slot](repeating: Slot(), count: 256)

  init(bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// The name that is spelled by `bytes[start..<end]`.
  func name(from start: Int, to end: Int) -> Name {
    let hash = hashOfBytes(start, end)
    var index = Int(hash) & (slots.count - 1)
    while slots[index].name >= 0 {
      if slots[index].hash == hash, isEqual(slots[index], start, end) { return all[Int(slots[index].name)] }
      index = (index + 1) & (slots.count - 1)
    }
    let name = Name(text: String(decoding: bytes[start..<end], as: UTF8.self), id: all.count)
    slots[index] = Slot(name: Int32(all.count), hash: hash, start: Int32(start), end: Int32(end))
    all.append(name)
    if all.count * 2 > slots.count { grow() }
    return name
  }

  /// FNV-1a: names are short.
  private func hashOfBytes(_ start: Int, _ end: Int) -> UInt32 {
    var hash: UInt32 = 2_166_136_261
    for index in start..<end { hash = (hash ^ UInt32(bytes[index])) &* 16_777_619 }
    return hash
  }

  private func isEqual(_ slot: Slot, _ start: Int, _ end: Int) -> Bool {
    guard Int(slot.end - slot.start) == end - start else { return false }
    var offset = 0
    while offset < end - start {
      if bytes[Int(slot.start) + offset] != bytes[start + offset] { return false }
      offset += 1
    }
    return true
  }

  private func grow() {
    let old = slots
    slots = [Slot](repeating: Slot(), count: old.count * 2)
    for slot in old where slot.name >= 0 {
      var index = Int(slot.hash) & (slots.count - 1)
      while slots[index].name >= 0 { index = (index + 1) & (slots.count - 1) }
      slots[index] = slot
    }
  }
}
