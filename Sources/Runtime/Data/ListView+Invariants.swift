import Memory
import Words

extension ListView {
  /// The first invariant that does not hold (for tests and heap checks), or nil.
  func brokenInvariant() -> String? {
    guard count > 0, offset >= 0, end < 1 << 32 else { return "L1: count \(count), offset \(offset)" }
    guard tail.kind == .listLeaf, tail.size >= end - tailStart, tail.size <= ListView.width else {
      return "L2: a tail of \(tail.size) for \(end - tailStart)"
    }
    if let wrong = brokenTail() { return wrong }
    if root == .absent { return tailStart == 0 ? nil : "L3: no root, but the tail starts at \(tailStart)" }
    guard offset < tailStart else { return "L3: a root without use" }
    guard shift > 0, shift % ListView.bits == 0, tailStart <= 1 << (shift + ListView.bits) else {
      return "L4: shift \(shift) for \(tailStart)"
    }
    for index in stride(from: offset & ~31, to: tailStart, by: ListView.width) {
      guard let size = leafSize(at: index) else { return "L4: no leaf at \(index)" }
      guard size == ListView.width else { return "L4: a leaf of \(size) at \(index)" }
    }
    return nil
  }

  /// L5.
  private func brokenTail() -> String? {
    var isFree = false
    for slot in 0..<tail.size {
      if tail[slot] == .absent {
        if slot < end - tailStart { return "L5: slot \(slot) of \(end - tailStart) is free" }
        isFree = true
      } else if isFree {
        return "L5: slot \(slot) is taken, but one before it is free"
      }
    }
    return nil
  }

  private func leafSize(at index: Int) -> Int? {
    var node = root
    var level = shift
    while level > 0 {
      let slot = index >> level & 31
      guard node.isObject(.listBranch), slot < HeapObject(node).size else { return nil }
      node = HeapObject(node)[slot]
      level -= ListView.bits
    }
    return node.isObject(.listLeaf) ? HeapObject(node).size : nil
  }
}
