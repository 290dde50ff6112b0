/// Reads one section of a module file, front to back. Never reads behind its end, whatever the bytes claim.
struct ByteSource {
  private let bytes: [UInt8]
  private let section: String
  private let end: Int
  private(set) var offset: Int

  init(_ bytes: [UInt8], _ range: Range<Int>, section: String) {
    self.bytes = bytes
    self.section = section
    offset = range.lowerBound
    end = range.upperBound
  }

  /// Bytes that are left.
  var remaining: Int { end - offset }

  func error(_ message: String, at place: Int? = nil) -> BytecodeError {
    BytecodeError(.file(offset: place ?? offset, section: section), message, advice: ModuleFile.advice)
  }

  mutating func byte() throws(BytecodeError) -> UInt8 {
    guard offset < end else { throw error("the section ends in the middle of something") }
    defer { offset += 1 }
    return bytes[offset]
  }

  /// A number of at most 31 bits, which is more than any count or index of ours needs.
  mutating func number() throws(BytecodeError) -> Int {
    if offset < end, bytes[offset] < 0x80 {
      defer { offset += 1 }
      return Int(bytes[offset])
    }
    let start = offset
    var value = 0
    var shift = 0
    while true {
      let next = Int(try byte())
      value |= (next & 0x7F) << shift
      shift += 7
      if next < 0x80 { break }
      guard shift < 35 else { throw error("the number is too large", at: start) }
    }
    guard value <= 0x7FFF_FFFF else { throw error("the number is too large", at: start) }
    return value
  }

  /// A number that may be negative.
  mutating func signed() throws(BytecodeError) -> Int {
    let value = try number()
    return (value >> 1) ^ -(value & 1)
  }

  /// How many elements follow, of which each takes at least `size` bytes: more than fit are refused at once,
  /// so what is reserved for them is bounded by the file's own size.
  mutating func count(ofSize size: Int = 1) throws(BytecodeError) -> Int {
    let start = offset
    let count = try number()
    guard count <= remaining / size else {
      throw error("it claims \(count) elements, and \(remaining) bytes are left", at: start)
    }
    return count
  }

  /// A number that counts from 1; 0 is none.
  mutating func optional() throws(BytecodeError) -> Int? {
    let value = try number()
    return value == 0 ? nil : value - 1
  }

  mutating func word() throws(BytecodeError) -> UInt64 {
    guard remaining >= 8 else { throw error("the section ends in the middle of something") }
    defer { offset += 8 }
    return bytes.word(at: offset)
  }

  mutating func text() throws(BytecodeError) -> String {
    let count = try count()
    guard let text = String(validating: bytes[offset..<offset + count], as: UTF8.self) else {
      throw error("the text is not UTF-8")
    }
    offset += count
    return text
  }

  func finish() throws(BytecodeError) {
    guard remaining == 0 else { throw error("the section has \(remaining) bytes too many") }
  }
}
