/// Rows of text in columns, for a terminal: the first column stands left, numbers right.
public struct TextTable {
  private(set) var rows: [[String]] = []
  let heads: [String]

  public init(_ heads: [String]) { self.heads = heads }

  public mutating func add(_ row: [String]) { rows.append(row) }

  public var text: String {
    let widths = heads.indices.map { column in
      ([heads] + rows).map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([heads, rule] + rows).map { line($0, widths) + "\n" }.joined()
  }

  /// The same as a table of Markdown.
  public var markdown: String {
    let rule = heads.indices.map { $0 == 0 ? "---" : "--:" }
    return ([heads, rule] + rows).map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
  }

  private func line(_ row: [String], _ widths: [Int]) -> String {
    var result = ""
    for (column, cell) in row.enumerated() {
      let blanks = String(repeating: " ", count: widths[column] - cell.count)
      result += column == 0 ? cell + blanks : "  " + blanks + cell
    }
    while result.last == " " { result.removeLast() }
    return result
  }
}
