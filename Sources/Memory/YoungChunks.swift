import Words

/// Where the young objects outside the block are: the address ranges of a heap's chunks, sorted, for the time of a minor
/// collection.
@safe struct YoungChunks {
  private let ranges: UnsafeMutablePointer<(start: UInt, end: UInt)>?
  private let count: Int

  init(_ chain: UnsafeMutablePointer<Chunk>?) {
    var list: [(start: UInt, end: UInt)] = []
    var chunk = unsafe chain
    while let current = unsafe chunk {
      unsafe list.append((UInt(bitPattern: current), current.pointee.top))
      unsafe chunk = current.pointee.next
    }
    list.sort { $0.start < $1.start }
    count = list.count
    if list.isEmpty {
      unsafe ranges = nil
    } else {
      unsafe ranges = .allocate(capacity: list.count)
      unsafe ranges.unsafelyUnwrapped.initialize(from: list, count: list.count)
    }
  }

  func release() { unsafe ranges?.deallocate() }

  var isEmpty: Bool { count == 0 }

  func holds(_ address: UInt) -> Bool {
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      let range = unsafe ranges.unsafelyUnwrapped[middle]
      if address < range.start {
        high = middle
      } else if address >= range.end {
        low = middle + 1
      } else {
        return true
      }
    }
    return false
  }
}
