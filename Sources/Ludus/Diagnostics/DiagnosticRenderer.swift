/// Writes diagnostics for people:
///
/// ```
/// hello.ld:3:9: error: unbound name `totl`
///   print! (totl)
///           ^~~~
///   hint: did you mean `total`?
/// ```
public struct DiagnosticRenderer {
  /// Scalars of a source line that are shown at most: a line may be a whole megabyte.
  private static let widest = 160

  private let file: SourceFile
  private let isColored: Bool

  public init(_ file: SourceFile, colored: Bool = false) {
    self.file = file
    isColored = colored
  }

  /// Everything that the front end found, and how much more there is.
  public func render(_ checked: FrontEnd.Checked) -> String {
    var text = checked.diagnostics.map(render).joined()
    if checked.hiddenErrors > 0 {
      text += "\(file.name): and \(checked.hiddenErrors) more error\(checked.hiddenErrors == 1 ? "" : "s")\n"
    }
    return text
  }

  /// One diagnostic, with a newline at its end.
  public func render(_ diagnostic: Diagnostic) -> String {
    let place = file.position(of: diagnostic.range.start)
    let kind = diagnostic.severity == .error ? "error" : "warning"
    let head = colored("\(file.name):\(place.line):\(place.column): ", "1")
    var text = "\(head)\(colored("\(kind):", kindColor(diagnostic))) \(printable(diagnostic.message))\n"
    text += excerpt(diagnostic, place)
    if let hint = diagnostic.hint { text += "  \(colored("hint:", "36")) \(printable(hint))\n" }
    return text
  }

  /// The source line and the underline: `^~~~` to the end of the range or of the line. Of a long line the part
  /// around the place is shown.
  private func excerpt(_ diagnostic: Diagnostic, _ place: SourcePosition) -> String {
    let line = file.range(ofLine: place.line)
    let column = place.column - 1
    let from = max(0, column - DiagnosticRenderer.widest / 2)
    let scalars = scalars(of: line, from: from)
    let shown = scalars.map(DiagnosticRenderer.printable)
    let offset = column - from
    let end = min(diagnostic.range.end, line.end)
    let length = max(1, Int(file.position(of: max(end, diagnostic.range.start)).column) - place.column)
    let width = max(1, min(length, shown.count - offset))
    let padding = shown.prefix(offset).map { $0 == "\t" ? "\t" : " " } + missing(offset - shown.count)
    let underline = "^" + String(repeating: "~", count: width - 1)
    var text = String.UnicodeScalarView()
    text.append(contentsOf: shown)
    return "  \(String(text))\n  \(padding.joined())\(colored(underline, kindColor(diagnostic)))\n"
  }

  private func missing(_ count: Int) -> [String] { Array(repeating: " ", count: max(0, count)) }

  /// At most `widest` scalars of the line, from the one with the index `first`.
  private func scalars(of line: SourceRange, from first: Int) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var offset = Int(line.start)
    var index = 0
    while offset < line.end, result.count < DiagnosticRenderer.widest {
      let (scalar, length) = Encoding.scalar(in: file.bytes, at: offset)
      if index >= first { result.append(scalar ?? "\u{FFFD}") }
      index += 1
      offset += length
    }
    return result
  }

  /// A message may quote the source.
  private func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.map(DiagnosticRenderer.printable)))
  }

  /// Control characters would upset the terminal and the underline.
  private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    guard scalar != "\t" else { return scalar }
    return scalar.value < 0x20 || scalar.value == 0x7F || scalar == Encoding.byteOrderMark
      ? "\u{FFFD}" : scalar
  }

  private func kindColor(_ diagnostic: Diagnostic) -> String {
    diagnostic.severity == .error ? "1;31" : "1;35"
  }

  private func colored(_ text: String, _ code: String) -> String {
    isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
