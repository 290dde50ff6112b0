/// The Prelude's compiled module, put into the program when it was built.
///
/// Its source are the `.ld` files of this folder, a topic each. The build compiles them
/// (Plugins/PreludePlugin runs `prelude-compiler`) and adds `encodedModule`.
public enum Prelude {
  /// The module file (`.lbc`), as `CodeImage` reads it. Takes well under a millisecond.
  public static func moduleBytes() -> [UInt8] { decode(Array(encodedModule.utf8)) }

  /// Base 64 without padding. The text is our own build's, so characters outside the alphabet just count as 0.
  static func decode(_ text: [UInt8]) -> [UInt8] {
    let values = decodingTable()
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count / 4 * 3 + 2)
    var place = 0
    while place + 4 <= text.count {
      let high = values[Int(text[place])] << 18 | values[Int(text[place + 1])] << 12
      let group = high | values[Int(text[place + 2])] << 6 | values[Int(text[place + 3])]
      bytes.append(UInt8(truncatingIfNeeded: group >> 16))
      bytes.append(UInt8(truncatingIfNeeded: group >> 8))
      bytes.append(UInt8(truncatingIfNeeded: group))
      place += 4
    }
    appendTail(of: text, from: place, values: values, to: &bytes)
    return bytes
  }

  /// The last group, when the bytes are not a multiple of three: 2 digits are one byte, 3 digits are two.
  private static func appendTail(of text: [UInt8], from place: Int, values: [UInt32], to bytes: inout [UInt8])
  {
    let digits = text[place...]
    guard digits.count > 1 else { return }
    var group: UInt32 = 0
    for digit in digits { group = group << 6 | values[Int(digit)] }
    group <<= 6 * UInt32(4 - digits.count)
    bytes.append(UInt8(truncatingIfNeeded: group >> 16))
    if digits.count > 2 { bytes.append(UInt8(truncatingIfNeeded: group >> 8)) }
  }

  /// The value of each ASCII character as a digit.
  private static func decodingTable() -> [UInt32] {
    var values = [UInt32](repeating: 0, count: 256)
    let digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8
    for (value, digit) in digits.enumerated() { values[Int(digit)] = UInt32(value) }
    return values
  }
}
