import Memory
import Words
import XCTest

@testable import Runtime

final class DataTextTests: XCTestCase {
  private let heap = Heap.standalone()
  private lazy var texts = TextCalls(heap)
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
      XCTAssertEqual(swift(texts.concat(x, y)), text + other, note)
      var reversed = ""
      reversed.unicodeScalars.append(contentsOf: scalars.reversed())
      XCTAssertEqual(Array(swift(texts.reverse(x)).utf8), Array(reversed.utf8), note)
      let low = generator.below(34) - 2
      let high = generator.below(34) - 2
      let slice = scalars.enumerated().filter { $0.offset >= low && $0.offset < high }.map(\.element)
      XCTAssertEqual(Array(swift(texts.slice(x, low, high)).unicodeScalars), slice, note)
      let at = texts.at(x, low)
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
    XCTAssertEqual(strings(texts.split(x, y)), expected, note)
    XCTAssertEqual(swift(texts.join(texts.split(x, y), y)), text, note)
    XCTAssertEqual(
      swift(texts.replace(x, y, word("<é>"))), expected.joined(separator: "<é>"), note)
    XCTAssertEqual(texts.indexOf(x, y), first.map { Word($0) } ?? .nil, note)
    XCTAssertEqual(texts.contains(x, y), first != nil, note)
    XCTAssertEqual(texts.startsWith(x, y), hay.starts(with: pin), note)
    XCTAssertEqual(texts.endsWith(x, y), hay.reversed().starts(with: pin.reversed()), note)
  }

  func testSplitting() {
    XCTAssertEqual(strings(texts.split(word("a,,b,"), word(","))), ["a", "", "b", ""])
    XCTAssertEqual(strings(texts.split(word(""), word(","))), [""])
    XCTAssertEqual(strings(texts.lines(word("a\r\n\nb\n"))), ["a", "", "b"])
    XCTAssertEqual(strings(texts.lines(word("a\rb"))), ["a\rb"])
    XCTAssertEqual(strings(texts.lines(word(""))), [])
    XCTAssertEqual(strings(texts.lines(word("\n"))), [""])
    XCTAssertEqual(strings(texts.words(word(" a\t b\u{2003}é\n"))), ["a", "b", "é"])
    XCTAssertEqual(strings(texts.words(word("  "))), [])
    XCTAssertEqual(texts.join(Lists.make(heap, count: 1) { _ in Word(1) }, word("")), .absent)
    XCTAssertEqual(swift(texts.join(.emptyList, word("-"))), "")
  }

  /// Long texts: parts, needles and results that are longer than a step and than a block.
  func testLongTexts() {
    for seed in UInt64(0)..<6 {
      var generator = Seeded(seed)
      let unit = random(&generator, 400).filter { $0 != "," } + "é"
      let part = String(repeating: unit, count: 60_000 / unit.utf8.count)
      let needle = word(part)
      let text = "x" + part + "," + part + part + "y"
      let (x, note) = (word(text), "seed \(seed)")
      XCTAssertTrue(strings(texts.split(x, needle)) == ["x", ",", "", "y"], note)
      XCTAssertTrue(strings(texts.split(x, word(part + "y"))) == ["x" + part + "," + part, ""], note)
      XCTAssertTrue(texts.indexOf(x, word("," + part)) == Word(1 + part.unicodeScalars.count), note)
      XCTAssertTrue(texts.indexOf(x, word(part + "z")) == .nil, note)
      XCTAssertTrue(swift(texts.replace(x, word(","), needle)) == "x" + part + part + part + part + "y", note)
      XCTAssertTrue(swift(texts.trim(word(part + " "), atStart: true, atEnd: true)) == part.trimmed, note)
      let pair = Lists.make(heap, count: 2) { _ in needle }
      XCTAssertTrue(swift(texts.join(pair, word(","))) == part + "," + part, note)
      XCTAssertTrue(swift(texts.downcase(texts.upcase(x))) == text, note)
    }
  }

  func testTrimming() {
    for (text, start, end, both) in [
      ("  a b  ", "a b  ", "  a b", "a b"), ("\t\n a \r\n", "a \r\n", "\t\n a", "a"), ("", "", "", ""),
      ("   ", "", "", ""), ("\u{2003}é\u{A0}", "é\u{A0}", "\u{2003}é", "é"), ("中", "中", "中", "中"),
    ] {
      XCTAssertEqual(swift(texts.trim(word(text), atStart: true, atEnd: false)), start)
      XCTAssertEqual(swift(texts.trim(word(text), atStart: false, atEnd: true)), end)
      XCTAssertEqual(swift(texts.trim(word(text), atStart: true, atEnd: true)), both)
    }
  }

  func testRepeatingAndPadding() {
    for n in 0..<20 {
      XCTAssertEqual(swift(texts.repeated(word("aé"), n)), String(repeating: "aé", count: n))
    }
    func pad(_ text: String, _ n: Int, _ fill: String, _ atStart: Bool) -> String {
      swift(texts.padded(word(text), n, word(fill), atStart: atStart))
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
    XCTAssertEqual(swift(texts.upcase(word("hello, World 1!"))), "HELLO, WORLD 1!")
    XCTAssertEqual(swift(texts.upcase(word("straße é"))), "STRASSE É")
    XCTAssertEqual(swift(texts.downcase(word("HELLO ÉΑΒΓ"))), "hello éαβγ")
    XCTAssertEqual(swift(texts.downcase(word("ΟΔΟΣ ΣΑΣ. Σ"))), "οδος σας. σ")
    XCTAssertEqual(swift(texts.strip(word("a-b, c! $1+2 «é»"))), "ab c $1+2 é")
    XCTAssertEqual(swift(texts.upcase(word(""))), "")
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
    XCTAssertEqual(swift(texts.string([word("as it is")], separator: word("-"))), "as it is")
    XCTAssertEqual(swift(texts.string([word("x"), list(word("y"))], separator: word(" "))), "x [\"y\"]")
    XCTAssertEqual(swift(texts.show(dict)), shown(dict))
    XCTAssertEqual(swift(texts.show(numbers)), shown(numbers))
  }

  /// Dicts with whole tries, strings and separators of many blocks.
  func testShowOfLargeValues() {
    var members = Work()
    let large = Dicts.make(heap, count: 5_000, &members, key: { Word($0) }, value: { Word($0 * 2) })
    let text = swift(texts.show(large))
    let pairs = text.dropFirst(2).dropLast().components(separatedBy: ", ")
    XCTAssertEqual(Set(pairs), Set((0..<5_000).map { "\($0) \($0 * 2)" }))
    XCTAssertEqual(pairs.count, 5_000)
    let line = String(repeating: "a\"é\n", count: 20_000)
    let quoted = "\"" + String(repeating: #"a\"é\n"#, count: 20_000) + "\""
    XCTAssertTrue(swift(texts.show(word(line))) == quoted)
    XCTAssertTrue(
      swift(texts.string([word("x"), word(line), Word(1)], separator: word(line))) == "x" + line + line + line
        + "1")
    XCTAssertTrue(Show.text(word(line)).hasSuffix("…"))
  }

  func testShowOfDeepValues() {
    let deep = (0..<1_000_000).reduce(Word.emptyTuple) { x, _ in Tuples.make(heap, count: 1) { _ in x } }
    let text = texts.show(deep)
    XCTAssertEqual(StringView(text).byteCount, 2_000_002)
  }

  /// A text that would be larger than any memory ends where the report is long enough.
  func testShowOfSharedParts() {
    let tower = (0..<60).reduce(Word(1)) { x, _ in Tuples.make(heap, x, x) }
    let text = shown(tower)
    XCTAssertTrue(text.hasSuffix("…"))
    XCTAssertLessThan(text.utf8.count, 1 << 18)
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while let first = text.unicodeScalars.first, first.properties.isWhitespace {
      text.unicodeScalars.removeFirst()
    }
    while let last = text.unicodeScalars.last, last.properties.isWhitespace {
      text.unicodeScalars.removeLast()
    }
    return String(text)
  }
}
