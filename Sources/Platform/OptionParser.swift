import CLinux
import Glibc

/// The C library's `getopt_long`. It keeps its place in global variables, so one thread parses at a time.
public enum OptionParser {
  /// Options stand before everything else; the first other argument, or `--`, ends them. Of an option that is
  /// given twice the later value holds. `mixed`: options may also stand between and behind other arguments.
  public static func parse(
    _ arguments: [String], options: [Option], mixed: Bool = false
  ) throws(UsageError) -> ParsedArguments {
    var words = unsafe (["ludi"] + arguments).map { unsafe strdup($0) } + [nil]
    let names = unsafe options.map { unsafe strdup($0.name) }
    defer { unsafe (words + names).forEach { unsafe free($0) } }
    let rows = unsafe zip(options, names).map { item, name in
      unsafe option(
        name: name, has_arg: item.value == nil ? no_argument : required_argument, flag: nil,
        val: code(of: item, in: options))
    }
    var place: Int32 = 0
    let values = try unsafe scan(&words, rows + [option()], options, mixed, &place)
    // The scan has put what is no option last.
    let rest = unsafe words.dropFirst(Int(place)).compactMap { unsafe $0.map { unsafe String(cString: $0) } }
    return ParsedArguments(values: values, rest: rest)
  }

  /// What `getopt_long` reports for an option: its letter, or its place beyond all letters.
  private static func code(of item: Option, in options: [Option]) -> Int32 {
    if let letter = item.letter { return Int32(letter.value) }
    return 256 + Int32(options.firstIndex { $0.name == item.name } ?? 0)
  }

  /// `place` becomes the index of the first word that is no option.
  private static func scan(
    _ words: inout [UnsafeMutablePointer<CChar>?], _ table: [option], _ options: [Option],
    _ mixed: Bool, _ place: inout Int32
  ) throws(UsageError) -> [String: String] {
    let style = mixed ? ":" : "+:"
    // `+`: stop at the first argument that is no option. `:`: a missing value is not an unknown option.
    let letters = options.compactMap { item in item.letter.map { "\($0)" + (item.value == nil ? "" : ":") } }
    let count = Int32(unsafe words.count - 1)
    var values: [String: String] = [:]
    while true {
      let looked = Int(max(place, 1))
      var value: UnsafePointer<CChar>?
      var known: Int32 = 0
      let found = unsafe ludi_next_option(
        count, &words, style + letters.joined(), table, &place, &value, &known)
      if found == -1 { return values }
      guard let item = options.first(where: { code(of: $0, in: options) == found }) else {
        throw complaint(about: unsafe words[looked].map { unsafe String(cString: $0) } ?? "", found, known)
      }
      values[item.name] = unsafe value.map { unsafe String(cString: $0) } ?? ""
    }
  }

  private static func complaint(about word: String, _ found: Int32, _ known: Int32) -> UsageError {
    let name = word.prefix { $0 != "=" }
    if found == Int32(UInt8(ascii: ":")) { return UsageError("option \(name) needs a value") }
    if word.contains("="), known != 0 { return UsageError("option \(name) takes no value") }
    return UsageError("unknown option \(name)")
  }
}
