import Platform

/// Plots, drawn by gnuplot.
public enum Gnuplot {
  /// Why there is no plot, in words for a user.
  public struct Failure: Error {
    public let message: String
  }

  /// Whether gnuplot is there; if not, what to do about it.
  public static func complaint() -> String? {
    if Folders.program(named: "gnuplot") != nil { return nil }
    return "gnuplot, which draws the plots, is not installed; apt-get install gnuplot-nox"
  }

  /// Runs a script that writes SVG to standard output, and gives the SVG to be put into a page.
  /// - Parameters:
  ///   - script: gnuplot commands behind the terminal's settings
  ///   - file: where the script is written first, so that it may be drawn again by hand
  public static func svg(
    _ script: String, width: Int, height: Int, file: String
  ) throws(Failure) -> String {
    let result: ChildProcess.Result
    do {
      try Files.write(Array((settings(width, height) + script).utf8), to: file)
      var child = ChildProcess(["gnuplot", file], limit: 60)
      child.capturesErrors = true
      child.ignoresInterruptions = true
      result = try child.run()
    } catch {
      throw Failure(message: "\(error.path): \(error.reason)")
    }
    guard result.ending == .exited(0), let start = result.output.firstRange(of: "<svg") else {
      throw Failure(message: "gnuplot could not draw \(file): \(result.errors.prefix(300))")
    }
    return String(result.output[start.lowerBound...])
  }

  private static func settings(_ width: Int, _ height: Int) -> String {
    """
    set encoding utf8
    set terminal svg size \(width),\(height) dynamic enhanced font "Helvetica,13" linewidth 1.4 background "white"

    """ + style
  }

  /// What all plots have alike: no frame but the axes, a light grid, colours that those who see few can tell apart
  /// (M. Okabe and K. Ito, 2008). Part of every script; needed again behind `reset session`.
  public static var style: String {
    let types = (Array(1...colours.count) + ownColours.keys.sorted()).map {
      "set linetype \($0) linecolor \"\(color($0))\" pointtype 7 pointsize 0.55\n"
    }
    return """
      set encoding utf8
      set border 3 linecolor "#888888"
      set tics nomirror out scale 0.4 textcolor "#444444"
      set grid back linecolor "#e4e4e4" linewidth 0.7
      set key outside top left horizontal reverse Left samplen 1.4 textcolor "#222222"
      set title textcolor "#111111"
      \(types.joined())
      """
  }

  /// The colours of linetypes 1, 2, ….
  public static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#777777", "#b8a800",
  ]

  /// The colour of a linetype.
  public static func color(_ linetype: Int) -> String {
    ownColours[linetype] ?? colours[(linetype - 1) % colours.count]
  }

  /// Linetypes for what is no design: dark and light grey.
  private static let ownColours = [20: "#1c1c1c", 21: "#b9b9b4"]

  /// A text within quotes of a script; what gnuplot would take for markup is taken literally.
  public static func quoted(_ text: String) -> String {
    var result = "\""
    for character in text {
      if "_^{}@&~".contains(character) { result += "\\\\" }
      if "\"\\".contains(character) { result += "\\" }
      result.append(character)
    }
    return result + "\""
  }
}
