/// A report as one HTML page that needs nothing else: styles and plots are part of it.
public struct Page {
  private let title: String
  private var body = ""

  public init(title: String, lead: String) {
    self.title = title
    body = "<header><h1>\(Page.escaped(title))</h1><p class=\"lead\">\(Page.escaped(lead))</p></header>\n"
  }

  public mutating func heading(_ text: String) { body += "<h2>\(Page.escaped(text))</h2>\n" }

  public mutating func paragraph(_ text: String) { body += "<p>\(Page.escaped(text))</p>\n" }

  /// A list of sentences; nothing if there are none.
  public mutating func list(_ items: [String], style: String = "") {
    if items.isEmpty { return }
    let rows = items.map { "<li>\(Page.escaped($0))</li>" }.joined(separator: "\n")
    body += "<ul class=\"\(style)\">\n\(rows)\n</ul>\n"
  }

  /// Large figures beside each other: what, how much, and what that means.
  public mutating func tiles(_ tiles: [(title: String, figure: String, text: String)]) {
    let boxes = tiles.map {
      "<div class=\"tile\"><h3>\(Page.escaped($0.title))</h3><strong>\(Page.escaped($0.figure))</strong>"
        + "<p>\(Page.escaped($0.text))</p></div>"
    }
    body += "<div class=\"tiles\">\(boxes.joined())</div>\n"
  }

  /// A plot, with what its colours mean above it, and what it shows below.
  public mutating func figure(_ svg: String, caption: String, legend: [(title: String, color: String)] = []) {
    var items = ""
    for (place, entry) in legend.enumerated() {
      // Several colours may mean the same.
      let isLast = place + 1 == legend.count || legend[place + 1].title != entry.title
      items +=
        "<i style=\"background:\(entry.color)\"></i>"
        + (isLast ? "<span>\(Page.escaped(entry.title))</span>" : "")
    }
    let key = items.isEmpty ? "" : "<div class=\"key\">\(items)</div>"
    body += "<figure>\n\(key)\(svg)\n<figcaption>\(Page.escaped(caption))</figcaption></figure>\n"
  }

  /// A table; the first column is text, all others stand right.
  public mutating func table(_ heads: [String], _ rows: [[String]]) {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(Page.escaped($0))</\(tag)>" }.joined() + "</tr>\n"
    }
    body += "<div class=\"wide\"><table>\n<thead>\(row(heads, "th"))</thead>\n<tbody>"
    body += rows.map { row($0, "td") }.joined() + "</tbody></table></div>\n"
  }

  /// The same of a table that was made for a terminal.
  public mutating func table(_ table: TextTable) { self.table(table.heads, table.rows) }

  /// A table whose cells are coloured by their style: `one`, `other` or `even`.
  public mutating func verdicts(
    _ heads: [String], _ rows: [(title: String, cells: [(text: String, style: String)])]
  ) {
    let head = heads.map { "<th>\(Page.escaped($0))</th>" }.joined()
    let lines = rows.map { row in
      "<tr><td>\(Page.escaped(row.title))</td>"
        + row.cells.map { "<td class=\"\($0.style)\">\(Page.escaped($0.text))</td>" }.joined() + "</tr>\n"
    }
    body += "<div class=\"wide\"><table class=\"verdicts\">\n<thead><tr>\(head)</tr></thead>\n"
    body += "<tbody>\(lines.joined())</tbody></table></div>\n"
  }

  /// Something long that is shown when asked for.
  public mutating func fold(_ summary: String, _ build: (inout Page) -> Void) {
    body += "<details><summary>\(Page.escaped(summary))</summary>\n"
    build(&self)
    body += "</details>\n"
  }

  public mutating func code(_ text: String) { body += "<pre>\(Page.escaped(text))</pre>\n" }

  public var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>\(Page.escaped(title))</title>
    <style>\(Page.style)</style>
    </head>
    <body>
    <main>
    \(body)</main>
    </body>
    </html>

    """
  }

  public static func escaped(_ text: String) -> String {
    var result = ""
    for character in text {
      switch character {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      default: result.append(character)
      }
    }
    return result
  }

  private static let style = """
    :root { color-scheme: light; }
    body { margin: 0; background: #f6f6f3; color: #1c1c1c; font: 16px/1.55 "Inter", "Helvetica Neue", Helvetica, Arial, sans-serif; }
    main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 5rem; }
    h1 { font-size: 2.2rem; line-height: 1.15; margin: 0 0 .6rem; letter-spacing: -.02em; }
    h2 { font-size: 1.35rem; margin: 3rem 0 .6rem; letter-spacing: -.01em; }
    h3 { font-size: .8rem; margin: 0; color: #666; font-weight: 600; text-transform: uppercase; letter-spacing: .04em; }
    p, li { max-width: 46rem; } .lead { font-size: 1.15rem; color: #444; }
    figure { margin: 1.2rem 0; padding: 1rem 1rem .6rem; background: white; border: 1px solid #e3e3de; border-radius: 10px; }
    figure svg { width: 100%; height: auto; display: block; }
    figcaption { color: #555; font-size: .92rem; margin: .5rem .3rem; max-width: 50rem; }
    .key { font-size: .9rem; color: #333; margin: 0 .3rem .6rem; } .key span { margin-right: 1rem; }
    .key i { display: inline-block; width: .8rem; height: .8rem; border-radius: 3px; margin-right: .25rem; vertical-align: -.08rem; }
    .tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .9rem; margin: 1.5rem 0; }
    .tile { background: white; border: 1px solid #e3e3de; border-radius: 10px; padding: .9rem 1.1rem; }
    .tile strong { font-size: 1.7rem; line-height: 1.3; letter-spacing: -.02em; color: #0072b2; } .tile p { margin: .2rem 0 0; font-size: .92rem; color: #444; }
    .wide { overflow-x: auto; } table { border-collapse: collapse; font-size: .88rem; font-variant-numeric: tabular-nums; }
    th, td { text-align: right; padding: .3rem .7rem; border-bottom: 1px solid #e3e3de; white-space: nowrap; }
    th { color: #666; font-weight: 600; } th:first-child, td:first-child { text-align: left; }
    .verdicts { font-size: .95rem; border-spacing: 3px; border-collapse: separate; margin: .6rem 0 1rem; width: 100%; }
    .verdicts td { border: 0; border-radius: 6px; text-align: center; padding: .45rem .7rem; } .verdicts th { text-align: center; border: 0; }
    .verdicts td:first-child, .verdicts th:first-child { text-align: left; padding-left: 0; }
    .one { background: #0072b2; color: white; } .other { background: #d55e00; color: white; } .even { background: #e9e9e4; color: #777; }
    .notes li { color: #a33; }
    pre { background: white; border: 1px solid #e3e3de; border-radius: 8px; padding: .8rem 1rem; overflow-x: auto; font-size: .82rem; line-height: 1.4; }
    summary { cursor: pointer; color: #0072b2; margin: .6rem 0; }
    """
}
