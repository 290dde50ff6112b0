@testable import Bytecode
import XCTest

extension ModuleFile {
  /// Makes length and checksum right again, so that damage gets past the header.
  static func seal(_ bytes: inout [UInt8]) {
    guard bytes.count >= headerSize else { return }
    bytes.replaceSubrange(8..<12, with: littleEndian(UInt64(bytes.count - headerSize)).prefix(4))
    bytes.replaceSubrange(16..<24, with: littleEndian(checksum(bytes, from: headerSize)))
  }

  private static func littleEndian(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}

final class ModuleFileTests: XCTestCase {
  private func sample() throws -> (image: CodeImage, bytes: [UInt8]) {
    let image = try Assembler.assemble(sampleText)
    return (image, ModuleFile.bytes(of: image))
  }

  func testSampleRoundTrips() throws {
    let (image, bytes) = try sample()
    XCTAssertTrue(ModuleFile.isModule(bytes))
    XCTAssertFalse(ModuleFile.isModule(Array("fn main".utf8)))
    XCTAssertEqual(try ModuleFile.image(from: bytes), image)
  }

  func testEveryTruncationIsRefused() throws {
    let (_, bytes) = try sample()
    for count in 0..<bytes.count {
      let error = bytecodeError { _ = try ModuleFile.image(from: Array(bytes[..<count])) }
      XCTAssertFalse(error?.advice.isEmpty ?? true)
      if count >= 24 { XCTAssertTrue(error?.message.contains("truncated") == true, "\(error as Any)") }
    }
  }

  func testEveryAlteredByteIsRefused() throws {
    let (_, bytes) = try sample()
    for index in bytes.indices {
      var altered = bytes
      altered[index] ^= 0x40
      XCTAssertThrowsError(try ModuleFile.image(from: altered), "byte \(index)")
    }
  }

  /// With the checksum set right again nothing may crash, and what is cut off inside a section is named.
  func testSealedTruncationsAreRefused() throws {
    let (_, bytes) = try sample()
    for count in 24..<bytes.count {
      var cut = Array(bytes[..<count])
      ModuleFile.seal(&cut)
      XCTAssertThrowsError(try ModuleFile.image(from: cut), "\(count) bytes")
    }
  }

  func testNewerFormatIsRefused() throws {
    var (_, bytes) = try sample()
    bytes[4] = 9
    let error = bytecodeError { _ = try ModuleFile.image(from: bytes) }
    XCTAssertEqual(error?.place, .file(offset: 4, section: "header"))
    XCTAssertTrue(error?.description.contains("use a newer ludi") == true, "\(error as Any)")
  }

  func testFilesOfOtherInstructionsAreRefused() throws {
    var (_, bytes) = try sample()
    bytes[13] ^= 1
    let error = bytecodeError { _ = try ModuleFile.image(from: bytes) }
    XCTAssertEqual(error?.place, .file(offset: 12, section: "header"))
    XCTAssertTrue(error?.description.contains("compile the script again") == true, "\(error as Any)")
  }

  func testOtherFilesAreRefused() {
    for bytes in [[], [0x7F], Array("fn main () -> 1\n".utf8)] as [[UInt8]] {
      let error = bytecodeError { _ = try ModuleFile.image(from: bytes) }
      XCTAssertTrue(error?.message.contains("no module file") == true)
    }
  }

  /// A section that says it has two thousand million elements must not make room for them.
  func testHugeCountsAreRefused() throws {
    let image = CodeImage(name: "m")
    let bytes = ModuleFile.bytes(of: image)
    for section in ModuleFile.Section.allCases where ![.module, .code].contains(section) {
      guard let tag = firstIndex(of: section, in: bytes) else { return XCTFail("no \(section)") }
      var huge = bytes
      huge.replaceSubrange(tag + 8..<tag + 9, with: [0xFF, 0xFF, 0xFF, 0xFF, 0x07])
      let length = huge[tag + 4] + 4
      huge[tag + 4] = length
      ModuleFile.seal(&huge)
      let error = bytecodeError { _ = try ModuleFile.image(from: huge) }
      XCTAssertEqual(error?.place, .file(offset: tag + 8, section: section.rawValue))
      XCTAssertTrue(error?.message.contains("claims 2147483647 elements") == true, "\(error as Any)")
    }
  }

  private func firstIndex(of section: ModuleFile.Section, in bytes: [UInt8]) -> Int? {
    let tag = Array(section.rawValue.utf8)
    return bytes.indices.dropLast(8).first { Array(bytes[$0..<$0 + 4]) == tag }
  }

  func testDeepConstantsAreRefused() throws {
    var deep = Constant.nil
    for _ in 0..<501 { deep = .list([deep]) }
    let error = bytecodeError {
      _ = try ModuleFile.image(from: ModuleFile.bytes(of: CodeImage(name: "m", constants: [deep])))
    }
    XCTAssertTrue(error?.message.contains("deeper than 500") == true, "\(error as Any)")
    guard case .list(let inner) = deep else { return }
    XCTAssertNoThrow(
      try ModuleFile.image(from: ModuleFile.bytes(of: CodeImage(name: "m", constants: inner))))
  }
}
