/// Programs that are large in one respect: they run, or are refused with a place, in little time.
final class LargeSourceTests: EdgeTestCase {
  private func repeated(_ text: String, _ n: Int) -> String { String(repeating: text, count: n) }

  /// Each brace used to look through all that follow it.
  func testManyLoneBracesInAString() throws {
    try check("\"" + repeated("{", 100_000) + "\"", says: "a lone `{` in a string", status: 65)
    try check("\"a { b {c} } d\"", says: ":1:4: error: ", status: 65)
  }

  func testLongChains() throws {
    try check("print! (do 1" + repeated(" > inc", 3_000) + ")", prints: "3001\n")
    try check("let d = #{:a 1}\nprint! (d" + repeated(" :a", 3_000) + ")", prints: "nil\n")
  }

  func testDeepNesting() throws {
    for (open, close) in [("(", ")"), ("[", "]"), ("#{:a ", "}"), ("${", "}"), ("@{:a ", "}"), ("{", "}")] {
      let program = repeated(open, 50_000) + "1" + repeated(close, 50_000)
      try check(program, says: "nested too deeply", status: 65)
    }
    for open in ["if true then ", "fn () -> ", "inc (", "repeat 1 {", "match 1 with { _ -> ", "do "] {
      try check(repeated(open, 50_000), says: "nested too deeply", status: 65)
    }
    try check("print! (count (show (" + repeated("[", 300) + repeated("]", 300) + ")))", prints: "600\n")
  }

  func testManyParts() throws {
    let numbers = (0..<3_000).map(String.init).joined(separator: ",")
    try check("print! (count ([\(numbers)]))", prints: "3000\n")
    try check("let x = 1\nprint! (add (" + repeated("x,", 300) + "))", prints: "300\n")
    let names = (0..<300).map { "p\($0)" }.joined(separator: ",")
    let values = (0..<300).map(String.init).joined(separator: ",")
    try check("fn f (\(names)) -> p299\nprint! (f (\(values)))", prints: "299\n")
  }
}
