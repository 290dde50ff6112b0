import Words

/// A part of a list shares the whole trie of the list that it was taken from (`rest`, `take`, `slice`, and a list that is used
/// as a queue). So that a short part of a long list does not keep all of it alive, a collection that moves everything
/// exchanges the root of each list that it scans for the lowest node below which all members of the list lie.
///
///     raw 0: count << 32 | offset      word 1: root or `absent`      word 2: tail (a leaf)      auxiliary: shift
///
/// Indexes are counted from where that node begins, then, which `offset` tells. What stays is at most some 32 times what the
/// list has, or 1,024 members, unless it lies across a border of large nodes. The root stays a branch.
///
/// T1  Only nodes that have not moved are read: what has moved is alive anyway, and its words may be new ones already.
enum ListTrimming {
  /// Members that a leaf has, and what one level is for an index.
  private static var width: Int { 32 }
  private static var bits: Int { 5 }

  /// Looks at a list that has been moved, and whose words still point at where everything was.
  static func trim(_ words: UnsafeMutablePointer<UInt64>) {
    let header = unsafe Header(bits: words.pointee)
    var shift = header.auxiliary
    if shift <= bits { return }
    let count = unsafe Int(words[1] >> 32)
    var offset = unsafe Int(words[1] & 0xFFFF_FFFF)
    var last = ((offset + count - 1) & ~(width - 1)) - 1
    var root = unsafe Word(bits: words[2])
    // The common case: the list needs its root.
    if offset >> shift != last >> shift { return }
    while shift > bits, offset >> shift == last >> shift, root.isPrivatePointer, root.bits != 0 {
      let node = HeapObject(root)
      let index = offset >> shift & (width - 1)
      guard node.header.isHeader, node.kind == .listBranch, index < node.size else { break }  // T1
      root = node[index]
      let start = (offset >> shift) << shift
      offset -= start
      last -= start
      shift -= bits
    }
    if shift == header.auxiliary { return }
    unsafe words[0] = Header(.list, size: header.size, auxiliary: shift, flags: header.flags).bits
    unsafe words[1] = UInt64(count) << 32 | UInt64(offset)
    unsafe words[2] = root.bits
  }
}
