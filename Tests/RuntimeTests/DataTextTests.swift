import Memory
import Words
import XCTest

@testable import Runtime

final class DataTextTests: XCTestCase {
  private let heap = Heap.standalone()
  private var work = 0

  private func word(_ text: String) -> Word { heap.makeString(text).word }

  private func swift(_ word: Word, line: UInt = #line) -> String {
    guard word.isObject(.string) else { return "no string: \(shown(word))" }
    let view = StringView(word)
    XCTAssertEqual(view.scalarCount, view.string.unicodeScalars.count, line: line)
    XCTAssertEqual(view.isASCII, view.string.utf8.allSatisfy { $0 < 128 }, line: line)
    return view.string
  }

  private func strings(_ list: Word) -> [String] {
    var cursor = MemberCursor(ordered: list)
    var result: [String] = []
    while cursor.remaining > 0 { result.append(swift(cursor.next())) }
    return result
  }

  private func random(_ random: inout Seeded, _ most: Int) -> String {
    let alphabet: [Unicode.Scalar] = ["a", "b", ",", " ", "é", "中", "👍", "\n"]
    var text = ""
    let count = random.below(2) == 0 ? alphabet.count : 4
    for _ in 0..<random.below(most + 1) { text.unicodeScalars.append(alphabet[random.below(count)]) }
    return text
  }

  func testAgainstSwiftStrings() {
    for seed in UInt64(0)..<400 {
      var generator = Seeded(seed)
      let text = random(&generator, 30)
      let other = random(&generator, 2)
      let (x, y) = (word(text), word(other))
      let scalars = Array(text.unicodeScalars)
      let note = "seed \(seed)"
      XCTAssertEqual(swift(Text.concat(heap, x, y, &work)), text + other, note)
      var reversed = ""
      reversed.unicodeScalars.append(contentsOf: scalars.reversed())
      XCTAssertEqual(Array(swift(Text.reverse(heap, x, &work)).utf8), Array(reversed.utf8), note)
      XCTAssertEqual(strings(Text.characters(heap, x, &work)), scalars.map { String($0) }, note)
      let low = generator.below(34) - 2
      let high = generator.below(34) - 2
      let slice = scalars.enumerated().filter { $0.offset >= low && $0.offset < high }.map(\.element)
      XCTAssertEqual(Array(swift(Text.slice(heap, x, low, high, &work)).unicodeScalars), slice, note)
      let at = Text.at(heap, x, low, &work)
      XCTAssertEqual(at == .nil ? nil : swift(at), scalars.indices.contains(low) ? String(scalars[low]) : nil)
      if !other.isEmpty { checkSearch(text, other, note) }
    }
  }

  private func checkSearch(_ text: String, _ needle: String, _ note: String) {
    let (x, y) = (word(text), word(needle))
    let (hay, pin) = (Array(text.unicodeScalars), Array(needle.unicodeScalars))
    var parts: [[Unicode.Scalar]] = [[]]
    var first: Int?
    var i = 0
    while i < hay.count {
      if hay[i...].starts(with: pin) {
        first = first ?? i
        parts.append([])
        i += pin.count
      } else {
        parts[parts.count - 1].append(hay[i])
        i += 1
      }
    }
    let expected = parts.map { part in String(String.UnicodeScalarView(part)) }
    XCTAssertEqual(strings(Text.split(heap, x, y, &work)), expected, note)
    XCTAssertEqual(swift(Text.join(heap, Text.split(heap, x, y, &work), y, &work)), text, note)
    XCTAssertEqual(
      swift(Text.replace(heap, x, y, word("<é>"), &work)), expected.joined(separator: "<é>"), note)
    XCTAssertEqual(Text.indexOf(x, y, &work), first.map { Word($0) } ?? .nil, note)
    XCTAssertEqual(Text.contains(x, y, &work), first != nil, note)
    XCTAssertEqual(Text.startsWith(x, y), hay.starts(with: pin), note)
    XCTAssertEqual(Text.endsWith(x, y), hay.reversed().starts(with: pin.reversed()), note)
  }

  func testSplitting() {
    XCTAssertEqual(strings(Text.split(heap, word("a,,b,"), word(","), &work)), ["a", "", "b", ""])
    XCTAssertEqual(strings(Text.split(heap, word(""), word(","), &work)), [""])
    XCTAssertEqual(strings(Text.split(heap, word("aé"), word(""), &work)), ["a", "é"])
    XCTAssertEqual(strings(Text.lines(heap, word("a\r\n\nb\n"), &work)), ["a", "", "b"])
    XCTAssertEqual(strings(Text.lines(heap, word("a\rb"), &work)), ["a\rb"])
    XCTAssertEqual(strings(Text.lines(heap, word(""), &work)), [])
    XCTAssertEqual(strings(Text.lines(heap, word("\n"), &work)), [""])
    XCTAssertEqual(strings(Text.words(heap, word(" a\t b\u{2003}é\n"), &work)), ["a", "b", "é"])
    XCTAssertEqual(strings(Text.words(heap, word("  "), &work)), [])
    XCTAssertEqual(Text.join(heap, Lists.make(heap, count: 1) { _ in Word(1) }, word(""), &work), .absent)
    XCTAssertEqual(swift(Text.join(heap, .emptyList, word("-"), &work)), "")
  }

  func testTrimming() {
    for (text, start, end, both) in [
      ("  a b  ", "a b  ", "  a b", "a b"), ("\t\n a \r\n", "a \r\n", "\t\n a", "a"), ("", "", "", ""),
      ("   ", "", "", ""), ("\u{2003}é\u{A0}", "é\u{A0}", "\u{2003}é", "é"), ("中", "中", "中", "中"),
    ] {
      XCTAssertEqual(swift(Text.trim(heap, word(text), atStart: true, atEnd: false, &work)), start)
      XCTAssertEqual(swift(Text.trim(heap, word(text), atStart: false, atEnd: true, &work)), end)
      XCTAssertEqual(swift(Text.trim(heap, word(text), atStart: true, atEnd: true, &work)), both)
    }
  }

  func testRepeatingAndPadding() {
    for n in 0..<20 {
      XCTAssertEqual(swift(Text.repeated(heap, word("aé"), n, &work)), String(repeating: "aé", count: n))
    }
    func pad(_ text: String, _ n: Int, _ fill: String, _ atStart: Bool) -> String {
      swift(Text.padded(heap, word(text), n, word(fill), atStart: atStart, &work))
    }
    XCTAssertEqual(pad("7", 3, "0", true), "007")
    XCTAssertEqual(pad("7", 3, "0", false), "700")
    XCTAssertEqual(pad("1234", 3, "0", true), "1234")
    XCTAssertEqual(pad("x", 8, "é中b", true), "é中bé中béx")
    XCTAssertEqual(pad("x", 3, "é中b", false), "xé中")
    XCTAssertEqual(pad("x", 3, "", false), "x")
    XCTAssertEqual(pad("", 2, "-", true), "--")
  }

  func testCaseAndPunctuation() {
    XCTAssertEqual(swift(Text.upcase(heap, word("hello, World 1!"), &work)), "HELLO, WORLD 1!")
    XCTAssertEqual(swift(Text.upcase(heap, word("straße é"), &work)), "STRASSE É")
    XCTAssertEqual(swift(Text.downcase(heap, word("HELLO ÉΑΒΓ"), &work)), "hello éαβγ")
    XCTAssertEqual(swift(Text.downcase(heap, word("ΟΔΟΣ ΣΑΣ. Σ"), &work)), "οδος σας. σ")
    XCTAssertEqual(swift(Text.strip(heap, word("a-b, c! $1+2 «é»"), &work)), "ab c $1+2 é")
    XCTAssertEqual(swift(Text.upcase(heap, word(""), &work)), "")
  }

  func testCodes() {
    XCTAssertEqual(Text.code(word("👍a")), Word(0x1F44D))
    XCTAssertEqual(Text.code(word("")), .nil)
    XCTAssertEqual(Text.fromCode(heap, 0x1F44D).map { swift($0) }, "👍")
    XCTAssertEqual(Text.fromCode(heap, 65).map { swift($0) }, "A")
    for bad in [-1, 0xD800, 0x110000, Int.max] { XCTAssertNil(Text.fromCode(heap, bad)) }
  }

  // MARK: Show

  func testShow() {
    func list(_ members: Word...) -> Word { Lists.make(heap, count: members.count) { members[$0] } }
    XCTAssertEqual(
      shown(list(.nil, .true, .false, Word(0.5), Keywords.intern("div/0"))), "[nil, true, false, 0.5, :div/0]"
    )
    XCTAssertEqual(shown(word("a\"b\\c\n\t\r\0{x}é😀&'")), #""a\"b\\c\n\t\r\0\{x\}é😀&'""#)
    XCTAssertEqual(
      shown(list(.emptyTuple, .emptyList, .emptySet, .emptyDict, .emptyStruct)), "[(), [], ${}, #{}, @{}]")
    XCTAssertEqual(shown(Tuples.make(heap, count: 1) { _ in list(word("s")) }), "([\"s\"])")
    var collected = Work()
    let dict = Dicts.make(
      heap, count: 2, &collected, key: { [Keywords.intern("b"), Word(1)][$0] }, value: { list(Word($0)) })
    XCTAssertEqual(shown(dict), "#{1 [1], :b [0]}")
    XCTAssertEqual(
      shown(list(Word(.pid, 7), Word(.token, 8), Word(.ref, 1))), "[pid 7, token 8, ref anonymous]")
    let twice = Word(.function, makeFunction(heap, ordinal: 1, name: "twice"))
    XCTAssertEqual(shown(list(twice)), "[fn twice]")
    let numbers = Sets.make(heap, count: 33, &collected) { Word($0) }
    XCTAssertEqual(
      shown(numbers).dropFirst(2).dropLast().split(separator: ", ").compactMap { Int($0) }.sorted(),
      Array(0..<33))
    XCTAssertEqual(swift(Show.string(heap, word("as it is"), &work)), "as it is")
    XCTAssertEqual(
      swift(Show.string(heap, count: 2, &work) { [word("x"), list(word("y"))][$0] }), "x[\"y\"]")
  }

  func testShowOfDeepValues() {
    let deep = (0..<1_000_000).reduce(Word.emptyTuple) { x, _ in Tuples.make(heap, count: 1) { _ in x } }
    let text = Show.show(heap, deep, &work)
    XCTAssertEqual(StringView(text).byteCount, 2_000_002)
    XCTAssertGreaterThan(work, 200_000)
  }

  /// A text that would be larger than any memory ends where the report is long enough.
  func testShowOfSharedParts() {
    let tower = (0..<60).reduce(Word(1)) { x, _ in Tuples.make(heap, x, x) }
    let text = shown(tower)
    XCTAssertTrue(text.hasSuffix("…"))
    XCTAssertLessThan(text.utf8.count, 1 << 18)
  }
}
