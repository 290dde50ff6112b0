import Memory
import Words

/// What `upcase`, `downcase` and `strip` make of a string, scalar by scalar, as Unicode says.
struct TextMapping: TextWriting {
  enum Change {
    case upcase, downcase
    /// Without punctuation (Unicode category P).
    case strip
  }

  private let text: StringView
  private let change: Change
  private var index = 0
  /// `downcase`: a cased letter stands before, others that do not count aside.
  private var isAfterCased = false
  /// `downcase`: a sigma behind a cased letter, written as a final one; if a cased letter follows, it was none.
  private var sigma: TextBuffer.Place?

  init(_ text: StringView, _ change: Change) {
    self.text = text
    self.change = change
  }

  mutating func write(_ buffer: inout TextBuffer, _ budget: Int, _ work: inout Int) -> Bool {
    while index < text.byteCount {
      if work >= budget { return false }
      let stop = min(index + 128, text.byteCount)
      // Quarters: looking up a property of a scalar takes some 60 ns.
      var quarters = 0
      while index < stop {
        let scalar = text.scalar(at: index)
        index += text.scalarLength(at: index)
        if scalar.isASCII, sigma == nil {
          put(ascii: UInt8(truncatingIfNeeded: scalar.value), &buffer)
          quarters += 1
        } else {
          put(scalar, &buffer)
          quarters += 32
        }
      }
      work += 1 + quarters >> 2
    }
    return true
  }

  /// What `put` does, for ASCII, whose properties are known.
  @inline(__always) private mutating func put(ascii byte: UInt8, _ buffer: inout TextBuffer) {
    switch change {
    case .upcase: buffer.append(byte &- 97 < 26 ? byte ^ 32 : byte)
    case .strip: if !TextMapping.isIn(TextMapping.punctuation, byte) { buffer.append(byte) }
    case .downcase:
      buffer.append(byte &- 65 < 26 ? byte ^ 32 : byte)
      if !TextMapping.isIn(TextMapping.caseIgnorable, byte) { isAfterCased = (byte | 32) &- 97 < 26 }
    }
  }

  /// ASCII of category P, and what does not count between cased letters: a bit for each.
  private static var punctuation: (low: UInt64, high: UInt64) {
    (0x8C00_F7EE_0000_0000, 0x2800_0000_B800_0001)
  }
  private static var caseIgnorable: (low: UInt64, high: UInt64) {
    (0x0400_4080_0000_0000, 0x0000_0001_4000_0000)
  }

  @inline(__always) private static func isIn(_ bits: (low: UInt64, high: UInt64), _ byte: UInt8) -> Bool {
    (byte < 64 ? bits.low : bits.high) >> UInt64(byte & 63) & 1 == 1
  }

  @inline(__always) private mutating func put(_ scalar: Unicode.Scalar, _ buffer: inout TextBuffer) {
    switch change {
    case .upcase: buffer.append(scalar.properties.uppercaseMapping)
    case .strip: if !TextMapping.isPunctuation(scalar) { buffer.append(scalar: scalar) }
    case .downcase: putDown(scalar, &buffer)
    }
  }

  private mutating func putDown(_ scalar: Unicode.Scalar, _ buffer: inout TextBuffer) {
    let properties = scalar.properties
    if let place = sigma, !properties.isCaseIgnorable {
      // σ and ς differ in their second byte.
      if properties.isCased { buffer.setByte(place, 0x83) }
      sigma = nil
    }
    if scalar == "Σ" && isAfterCased {
      let place = buffer.nextPlace()
      sigma = TextBuffer.Place(piece: place.piece, index: place.index + 1)
      buffer.append("ς")
    } else {
      buffer.append(properties.lowercaseMapping)
    }
    if !properties.isCaseIgnorable { isAfterCased = properties.isCased }
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

/// `upcase` and `downcase` of an ASCII string.
struct TextASCIICase: TextTask {
  private let text: StringView
  private let target: StringView
  private let first: UInt8
  private var index = 0

  /// Nil: there is no room.
  init?(_ heap: Heap, _ text: StringView, up: Bool) {
    guard let target = Text.make(heap, bytes: text.byteCount, scalars: text.byteCount) else { return nil }
    self.text = text
    self.target = target
    first = up ? 97 : 65
  }

  var held: [Word] { [target.word] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    while index < text.byteCount {
      if work >= budget { return nil }
      let stop = min(index + 1024, text.byteCount)
      for i in index..<stop {
        let byte = text.byte(i)
        target.setByte(i, byte &- first < 26 ? byte ^ 32 : byte)
      }
      work += 1 + (stop - index) >> 3
      index = stop
    }
    return target.word
  }
}

/// `reverse`: the scalars in the opposite order.
struct TextReverse: TextTask {
  private let text: StringView
  private let target: StringView
  private var index = 0

  /// Nil: there is no room.
  init?(_ heap: Heap, _ text: StringView) {
    guard let target = Text.make(heap, bytes: text.byteCount, scalars: text.scalarCount) else { return nil }
    self.text = text
    self.target = target
  }

  var held: [Word] { [target.word] }

  mutating func step(_ heap: Heap, _ budget: Int, _ work: inout Int) -> Word? {
    let count = text.byteCount
    while index < count {
      if work >= budget { return nil }
      let before = index
      let stop = min(index + 1024, count)
      while index < stop {
        let length = text.scalarLength(at: index)
        for k in 0..<length { target.setByte(count - index - length + k, text.byte(index + k)) }
        index += length
      }
      work += 1 + (index - before) >> 3
    }
    return target.word
  }
}
