/// The types of the language, as `jumpUnlessType` and `type (x)` name them.
@frozen public enum TypeCode: UInt8, CaseIterable, Sendable {
  case `nil`, boolean, number, keyword, string, tuple, list, set, dict, `struct`, ns, fn, ref, pid, token

  /// The keyword's text, without the colon.
  public var name: String { "\(self)" }
}
