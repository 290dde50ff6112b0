import Memory
import Words

/// Changing strings scalar by scalar, as Unicode says.
extension Text {
  static func upcase(_ heap: Heap, _ string: Word, _ work: inout Int) -> Word {
    let text = StringView(string)
    work += text.byteCount >> 3
    if text.isASCII { return mapASCII(heap, text) { $0 >= 97 && $0 <= 122 ? $0 - 32 : $0 } }
    var buffer = ByteBuffer()
    text.forEachScalar { buffer.append($0.properties.uppercaseMapping) }
    return buffer.makeString(heap)
  }

  static func downcase(_ heap: Heap, _ string: Word, _ work: inout Int) -> Word {
    let text = StringView(string)
    work += text.byteCount >> 3
    if text.isASCII { return mapASCII(heap, text) { $0 >= 65 && $0 <= 90 ? $0 + 32 : $0 } }
    var buffer = ByteBuffer()
    var isAfterCased = false
    var i = 0
    while i < text.byteCount {
      let scalar = text.scalar(at: i)
      i += text.scalarLength(at: i)
      if scalar == "Σ" && isAfterCased && !isBeforeCased(text, i) {
        buffer.append("ς")
      } else {
        buffer.append(scalar.properties.lowercaseMapping)
      }
      if !scalar.properties.isCaseIgnorable { isAfterCased = scalar.properties.isCased }
    }
    return buffer.makeString(heap)
  }

  /// Whether a cased letter follows, others that do not count aside: a sigma before none is a final one.
  private static func isBeforeCased(_ text: StringView, _ start: Int) -> Bool {
    var i = start
    while i < text.byteCount {
      let properties = text.scalar(at: i).properties
      if !properties.isCaseIgnorable { return properties.isCased }
      i += text.scalarLength(at: i)
    }
    return false
  }

  @inline(__always) private static func mapASCII(
    _ heap: Heap, _ text: StringView, _ map: (UInt8) -> UInt8
  ) -> Word {
    guard text.byteCount > 0 else { return text.word }
    let new = heap.makeString(byteCount: text.byteCount, scalarCount: text.byteCount)
    for i in 0..<text.byteCount { new.setByte(i, map(text.byte(i))) }
    return new.word
  }

  /// The string without punctuation (Unicode category P).
  static func strip(_ heap: Heap, _ string: Word, _ work: inout Int) -> Word {
    let text = StringView(string)
    work += text.byteCount >> 3
    var buffer = ByteBuffer()
    text.forEachScalar { if !isPunctuation($0) { buffer.append(scalar: $0) } }
    return buffer.makeString(heap)
  }

  private static func isPunctuation(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      true
    default: false
    }
  }
}
