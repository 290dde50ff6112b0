import Words

/// What the kinds of objects promise about their size and raw words, for `HeapCheck`.
enum ObjectShape {
  /// What is wrong with an object's shape, as the end of a sentence; nil: nothing.
  static func complaint(about object: HeapObject) -> String? {
    let size = object.size
    switch object.kind {
    case .tuple, .listLeaf, .listBranch, .smallSet, .setCollision:
      return size == 0 ? "has no members" : nil
    case .smallDict, .structure, .dictCollision:
      return size == 0 || size % 2 != 0 ? "has a key without a value" : nil
    case .namespace:
      return size % 2 != 1 ? "has a key without a value" : nil
    case .list:
      return size == 3 ? nil : "does not consist of counts, root and tail"
    case .dict, .set:
      return size == 2 ? nil : "does not consist of count and root"
    case .dictNode, .setNode:
      return nodeComplaint(object, size)
    case .string:
      return stringComplaint(object, size)
    case .closure, .partial:
      return size == 0 ? "has no raw word" : nil
    case .environment, .blob:
      return nil
    }
  }

  private static func nodeComplaint(_ object: HeapObject, _ size: Int) -> String? {
    guard size > 0 else { return "has no bitmaps" }
    let members = (object.raw(0) >> 32).nonzeroBitCount * (object.kind == .dictNode ? 2 : 1)
    let children = (object.raw(0) & 0xFFFF_FFFF).nonzeroBitCount
    return size == 1 + members + children ? nil : "has bitmaps for \(members) words and \(children) children"
  }

  private static func stringComplaint(_ object: HeapObject, _ size: Int) -> String? {
    guard size > 0 else { return "has no lengths" }
    let bytes = Int(object.raw(0) >> 32)
    let scalars = Int(object.raw(0) & 0xFFFF_FFFF)
    if size != 1 + (bytes + 7) / 8 { return "has \(bytes) bytes" }
    if scalars > bytes { return "has \(scalars) scalars in \(bytes) bytes" }
    let isASCII = object.header.flags & StringView.asciiFlag != 0
    if isASCII != (bytes == scalars) {
      return "has \(bytes) bytes, \(scalars) scalars, and the wrong ASCII flag"
    }
    let used = UInt64(bytes % 8)
    return used != 0 && object.raw(size - 1) >> (used * 8) != 0 ? "is not filled up with zeros" : nil
  }
}
