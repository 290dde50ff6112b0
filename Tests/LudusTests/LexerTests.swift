import XCTest

@testable import Ludus

final class LexerTests: XCTestCase {
  private func tokens(_ source: String) -> [Token] {
    let bytes = Array(source.utf8)
    var lexer = Lexer(bytes: bytes, names: Names(bytes: bytes), problems: Problems())
    var result: [Token] = []
    repeat { result.append(lexer.next()) } while result[result.count - 1].kind != .end
    return result.dropLast()
  }

  private func kinds(_ source: String) -> [Token.Kind] { tokens(source).map(\.kind) }

  private func parts(_ source: String) -> [String] {
    let bytes = Array(source.utf8)
    var lexer = Lexer(bytes: bytes, names: Names(bytes: bytes), problems: Problems())
    _ = lexer.next()
    return lexer.stringParts.map { part in
      switch part {
      case .text(let text): text
      case .word(let use): "<\(use.name.text)>"
      }
    }
  }

  func testPunctuation() {
    XCTAssertEqual(
      kinds("( ) [ ] { } #{ ${ @{ , ; = > -> ..."),
      [
        .openTuple, .closeTuple, .openList, .closeList, .openBrace, .closeBrace, .openDict, .openSet,
        .openStruct,
        .comma, .semicolon, .equals, .greater, .arrow, .splat,
      ])
  }

  func testWordsAndTheirKin() {
    XCTAssertEqual(
      kinds("foo fn fnord _ _rest _1 :ok :Foo :div/0 a/b?!*"),
      [.word, .fn, .word, .placeholder, .ignored, .ignored, .keyword, .keyword, .keyword, .word])
    XCTAssertEqual(tokens("div/0 :div/0").map { $0.name?.text }, ["div/0", "div/0"])
  }

  func testEveryReservedWordIsReserved() {
    XCTAssertEqual(ReservedWord.kinds.count, 23)
    for (word, kind) in ReservedWord.kinds {
      XCTAssertTrue(kind.isReserved)
      XCTAssertEqual(kinds(word), [kind])
      XCTAssertEqual(kinds(":\(word)"), [.keyword])
    }
  }

  func testNumbers() {
    let values: [(String, Double)] = [
      ("1", 1), ("-3.5", -3.5), ("1_000", 1000), ("2e-3", 0.002), ("007", 7), ("1e+2", 100), ("-0", -0.0),
      ("9007199254740993", 9_007_199_254_740_992), ("1e999", .infinity), ("-1e999", -.infinity),
      ("1e-999", 0),
      ("123456789012345", 123_456_789_012_345), ("0.1", 0.1), ("1_0.5e1", 105), ("5e0", 5),
    ]
    for (text, value) in values {
      let found = tokens(text)
      XCTAssertEqual(found.map(\.kind), [.number], text)
      XCTAssertEqual(found.first?.number.bitPattern, value.bitPattern, text)
    }
    XCTAssertEqual(kinds("1...xs"), [.number, .splat, .word])
    XCTAssertEqual(kinds("[1,-2]"), [.openList, .number, .comma, .number, .closeList])
    XCTAssertEqual(kinds("(-1->2)"), [.openTuple, .number, .arrow, .number, .closeTuple])
  }

  func testBadNumbers() {
    for text in [
      "1_", "1__0", "1_.5", "12abc", "1.2.3", "1.", "1..2", "1e", "1e+", "1e5x", "1.5_0", "1_e5", "2?",
    ] {
      XCTAssertEqual(errors("print! (\(text))").count, 1, text)
      XCTAssertEqual(errors("print! (\(text))").first?.prefix(4), "1:9 ", text)
    }
  }

  func testStringParts() {
    XCTAssertEqual(parts("\"\""), [])
    XCTAssertEqual(parts("\"plain\""), ["plain"])
    XCTAssertEqual(parts("\"{a}{b}\""), ["<a>", "<b>"])
    XCTAssertEqual(parts("\"x{a/b?}y\\{z\\}\""), ["x", "<a/b?>", "y{z}"])
    XCTAssertEqual(parts(#""\n\t\r\0\"\\\u{41}\u{1F600}""#), ["\n\t\r\0\"\\A😀"])
    XCTAssertEqual(parts("\"a\r\nb\rc\""), ["a\nb\rc"])
    XCTAssertEqual(parts("\"größe 日本\""), ["größe 日本"])
  }

  func testBadStrings() {
    XCTAssertEqual(errors(#""a\q""#), ["1:3 unknown escape"])
    for escape in [
      #"\u41"#, #"\u{}"#, #"\u{zz}"#, #"\u{110000}"#, #"\u{D800}"#, #"\u{000000041}"#, #"\u{41"#,
    ] {
      XCTAssertEqual(errors("\"\(escape)\""), ["1:2 bad \\u escape"], escape)
    }
    for inside in ["{inc (n)}", "{ a }", "{}", "{1}", "{:a}", "{_a}", "{Total}"] {
      XCTAssertEqual(
        errors("\"x\(inside)\""), ["1:3 only a word may stand between the braces of a string"], inside)
    }
    XCTAssertEqual(errors("\"{let}\""), ["1:3 `let` is a reserved word, not a name"])
    XCTAssertEqual(errors("\"a } b\""), ["1:4 a lone `}` in a string"])
    XCTAssertEqual(errors("\"a { b\""), ["1:4 a lone `{` in a string"])
    XCTAssertTrue(rendered("\"a { b\"").contains("\\{"))
    XCTAssertTrue(rendered("\"a } b\"").contains("\\{"))
    XCTAssertEqual(errors("print! (1)\nlet s = \"abc"), ["2:9 unterminated string"])
    XCTAssertEqual(errors("\"abc\\"), ["1:1 unterminated string", "1:5 unknown escape"])
    XCTAssertTrue(errors("let s = \"no end\nprint! (\"x\")\n").contains("1:9 unterminated string"))
  }

  func testCommentsBlanksAndNewlines() {
    let found = tokens("a & b c\n\r\n\t d\r\ne f")
    XCTAssertEqual(found.map { $0.name?.text }, ["a", "d", "e", "f"])
    XCTAssertEqual(found.map(\.newlineBefore), [false, true, true, false])
  }

  func testEncoding() {
    func check(_ bytes: [UInt8]) -> [String] {
      FrontEnd.check(bytes: bytes, fileName: "x", surroundings: .init()).diagnostics
        .map { "\($0.range.start) \($0.message)" }
    }
    XCTAssertEqual(check([0xEF, 0xBB, 0xBF, 0x31]), ["0 a byte-order mark"])
    XCTAssertEqual(
      check(Array("\"a\u{FEFF}\" & \u{FEFF}".utf8)), ["2 a byte-order mark", "9 a byte-order mark"])
    XCTAssertEqual(check([0x22, 0xFF, 0x22]), ["1 invalid UTF-8"])
    XCTAssertEqual(check([0x22, 0xC0, 0x80, 0x22]), ["1 invalid UTF-8"])
    XCTAssertEqual(check([0xFF, 0x80, 0xE2, 0x26, 0xFE]), ["0 invalid UTF-8", "4 invalid UTF-8"])
    XCTAssertEqual(check([0x22, 0xED, 0xA0, 0x80, 0x22]), ["1 invalid UTF-8"])
    XCTAssertEqual(check([0x26, 0xE2, 0x82]), ["1 invalid UTF-8"])
    XCTAssertEqual(check([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22]), ["1 invalid UTF-8"])
  }

  func testStrayCharacters() {
    for (source, place) in [
      ("let a = \\", "1:9"), ("let a = 1 + 2", "1:11"), ("let größe = 1", "1:5"), ("let Total = 1", "1:5"),
      ("[1, # 2]", "1:5"), ("[: a]", "1:2"), ("[1, 'a']", "1:5"), ("[\u{0}]", "1:2"), ("[\r]", "1:2"),
      ("[“a”]", "1:2"), ("[:größe]", "1:2"), ("[.5]", "1:2"),
    ] {
      XCTAssertTrue(errors(source).first?.hasPrefix(place + " ") == true, "\(source): \(errors(source))")
    }
  }

  func testNamesAreInternedOnce() {
    let source = (0..<2000).map { "n\($0) n\($0)" }.joined(separator: " ")
    let found = tokens(source)
    for index in stride(from: 0, to: found.count, by: 2) {
      XCTAssertTrue(found[index].name === found[index + 1].name)
      XCTAssertEqual(found[index].name?.id, index / 2)
    }
  }
}
