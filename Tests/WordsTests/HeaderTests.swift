import Words
import XCTest

/// A header gives back what it was made of, and is never taken for an address.
final class HeaderTests: XCTestCase {
  func testAllFieldsComeBack() {
    for kind in ObjectKind.allCases {
      for size in [0, 1, 2, 31, 32, 65_535, 65_536, (1 << 32) - 1] {
        for auxiliary in [0, 1, 0x8000, 0xFFFF] {
          for flags in [0, 1, 0x40, 0x7F] {
            let header = Header(kind, size: size, auxiliary: auxiliary, flags: flags)
            XCTAssertTrue(header.isHeader)
            XCTAssertEqual(header.kind, kind)
            XCTAssertEqual(header.size, size)
            XCTAssertEqual(header.auxiliary, auxiliary)
            XCTAssertEqual(header.flags, flags)
            XCTAssertEqual(Header(bits: header.bits), header)
          }
        }
      }
    }
  }

  func testEveryPairOfKindsIsToldApart() {
    for kind in ObjectKind.allCases {
      for other in ObjectKind.allCases {
        XCTAssertEqual(Header(kind, size: 3, auxiliary: 0xFFFF, flags: 0x7F).has(other), kind == other)
      }
    }
  }

  func testAForwardingAddressIsNoHeader() {
    for address: UInt64 in [8, 0x1000, 0x7FFF_FFFF_FFF8] { XCTAssertFalse(Header(bits: address).isHeader) }
  }

  func testWordsAndHeadersAreOneWord() {
    XCTAssertEqual(MemoryLayout<Word>.size, 8)
    XCTAssertEqual(MemoryLayout<Header>.size, 8)
  }

  func testRawWordsStandInFront() {
    for kind in ObjectKind.allCases { XCTAssertTrue([0, 1, Int.max].contains(kind.rawWords), "\(kind)") }
    XCTAssertEqual(ObjectKind.string.rawWords, Int.max)
    XCTAssertEqual(ObjectKind.closure.rawWords, 1)
    XCTAssertEqual(ObjectKind.tuple.rawWords, 0)
  }
}
