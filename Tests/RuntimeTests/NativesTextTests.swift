import Memory
import Words
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

/// String and number functions of the Prelude against Swift's.
final class NativesTextTests: XCTestCase {
  private let letters = Array("ab ,éß中👍".unicodeScalars)

  private func text(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    var result = ""
    result.unicodeScalars.append(contentsOf: scalars)
    return result
  }

  private func shown(_ scalars: some Sequence<Unicode.Scalar>) -> String {
    "\"" + Expectations.escaped(text(scalars)) + "\""
  }

  func testStringsByScalars() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Seeded(seed)
    var all = Expectations()
    for n in [0, 1, 2, 5, 40, 1023, 1500] {
      let s = (0..<n).map { _ in letters[random.below(letters.count)] }
      let literal = shown(s)
      let (i, j) = (random.below(n + 2), random.below(n + 2))
      all.expect("count (\(literal))", "\(n)")
      all.expect("reverse (\(literal))", shown(s.reversed()))
      all.expect("chars (\(literal))", "[" + s.map { shown([$0]) }.joined(separator: ", ") + "]")
      all.expect("slice (\(literal), \(i), \(j))", i < min(j, n) ? shown(s[i..<min(j, n)]) : "\"\"")
      all.expect("at (\(literal), \(i))", i < n ? shown([s[i]]) : "nil")
      all.expect("index_of (\(literal), \"é\")", s.firstIndex(of: "é").map(String.init) ?? "nil")
      let parts = s.split(separator: ",", omittingEmptySubsequences: false)
      all.expect("split (\(literal), \",\")", "[" + parts.map { shown($0) }.joined(separator: ", ") + "]")
      all.expect("join (split (\(literal), \"a\"), \"a\")", literal)
      all.expect("replace (\(literal), \"é\", \"xy\")", shown(s.flatMap { $0 == "é" ? ["x", "y"] : [$0] }))
      all.expect(
        "upcase (\(literal))", shown(s.flatMap { Array($0.properties.uppercaseMapping.unicodeScalars) }))
      all.expect("count (pad_start (\(literal), 100, \"é-\"))", "\(max(n, 100))")
    }
    try all.check("seed \(seed)")
  }

  func testLongValuesShowAsTheirPartsDo() throws {
    var all = Expectations()
    let members = (0..<9000).map(String.init).joined(separator: ", ")
    all.expect("show (range (9000)) ", "\"[\(members)]\"")
    all.expect("[tuple (range (9000)), 1]", "[(\(members)), 1]")
    all.expect("#{:a range (9000)}", "#{:a [\(members)]}")
    all.expect("string (range (9000), \"!\")", "\"[\(members)]!\"")
    try all.check()
  }

  /// What `--show` prints is written in steps, and then all there.
  func testTheMainProcessIsShownInSteps() throws {
    let world = World()
    let process = world.spawn()
    let list = makeList(process.heap, 0..<30_000)
    var slices = 0
    var text: [[UInt8]]?
    repeat {
      unsafe process.block.pointee.reductions = 100
      text = ValueShowing.goOn(process, list)
      slices += 1
    } while text == nil
    XCTAssertGreaterThan(slices, 10)
    XCTAssertNil(process.work)
    let expected = "[\((0..<30_000).map(String.init).joined(separator: ", "))]"
    XCTAssertEqual(String(decoding: Array((text ?? []).joined()), as: UTF8.self), expected)
    XCTAssertEqual(try Evaluation.value(of: "range (30_000)"), expected)
  }

  /// A step opens a few hundred brackets, not thousands.
  func testBracketsAreWork() {
    let world = World()
    let process = world.spawn()
    let nested = (0..<10_000).reduce(Word.emptyList) { inner, _ in
      Lists.make(process.heap, count: 1) { _ in inner }
    }
    var writer = TextWriter()
    writer.show(nested)
    var steps = 1
    var work = 0
    while !writer.run(SlicedWork.stepWork, &work) {
      steps += 1
      work = 0
    }
    XCTAssertGreaterThan(steps, 10_000 * 10 / SlicedWork.stepWork)
    XCTAssertEqual(writer.buffer.count, 2 * 10_001)
  }

  /// ASCII has a way of its own through case mapping and `strip`.
  func testMappingsOfASCII() throws {
    var all = Expectations()
    // (Without those that are shown as escapes.)
    let scalars = (1..<128).map { Unicode.Scalar(UInt8($0)) }.filter { $0 != "\t" && $0 != "\r" }
    // With a letter that is none of ASCII, so that all of them take the long way round.
    for c in scalars {
      let literal = shown([c, "é"])
      let isPunctuation =
        switch c.properties.generalCategory {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .otherPunctuation:
          true
        default: false
        }
      all.expect("upcase (\(literal))", shown(Array((c.properties.uppercaseMapping + "É").unicodeScalars)))
      all.expect("downcase (\(literal))", shown(Array((c.properties.lowercaseMapping + "é").unicodeScalars)))
      all.expect("strip (\(literal))", shown(isPunctuation ? ["é"] : [c, "é"]))
      // A sigma is a final one behind a cased letter, whatever of the case-ignorable stands between.
      let isFinal = c.properties.isCased || c.properties.isCaseIgnorable
      let lower = (c.properties.lowercaseMapping + (isFinal ? "ς" : "σ")).unicodeScalars
      all.expect("downcase (\(shown(["A", c, "Σ"])))", shown(["a"] + Array(lower)))
    }
    try all.check()
  }

  /// A path that no system takes is answered with as little.
  func testEndlessPaths() throws {
    var all = Expectations()
    for (name, more) in [("read_file!", ""), ("write_file!", ", \"x\"")] {
      all.expect(
        "match \(name) (repeat_string (\"abc/\", 1_000_000)\(more)) with { (:err, m) -> lt? (count (m), 100_000) }",
        "true")
    }
    all.expect("env (repeat_string (\"abc\", 1_000_000))", "nil")
    try all.check()
  }

  func testArithmetic() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Seeded(seed)
    var all = Expectations()
    for _ in 0..<100 {
      let (x, y) = (random.below(2000) - 1000, random.below(40) - 20)
      let divisor = y == 0 ? 1 : y
      let remainder = x % divisor
      let isAcross = remainder != 0 && (remainder < 0) != (divisor < 0)
      all.expect("rem (\(x), \(divisor))", "\(remainder)")
      all.expect("mod (\(x), \(divisor))", "\(isAcross ? remainder + divisor : remainder)")
      all.expect("quot (\(x), \(divisor))", "\(x / divisor)")
      all.expect("bit_and (\(x), \(y))", "\(x & y)")
      all.expect("bit_or (\(x), \(y))", "\(x | y)")
      all.expect("bit_xor (\(x), \(y))", "\(x ^ y)")
      all.expect("bit_shift (\(x), \(y))", "\(y < 0 ? x >> -y : x << y)")
      all.expect("min (\(x), \(y), 3)", "\(min(x, y, 3))")
      all.expect("max (\(x), \(y), 3)", "\(max(x, y, 3))")
      all.expect("add (\(x), \(y), 3, 4)", "\(x + y + 7)")
      all.expect("lt? (\(y), \(x), 900)", "\(y < x && x < 900)")
      all.expect("to_number (\"\(x)\")", "(:ok, \(x))")
    }
    try all.check("seed \(seed)")
  }

  func testSeedsGiveTheSameNumbersAgain() throws {
    let draw = "[random (), random (5), random_int (9), shuffle (range (30)), choose (range (100))]"
    let value = try Evaluation.value(
      of: """
        fn draw () -> \(draw)
        seed! (7)
        let first_draw = draw ()
        let other = draw ()
        seed! (7)
        (eq? (first_draw, draw ()), eq? (first_draw, other))
        """)
    XCTAssertEqual(value, "(true, false)")
  }
}
