/// An interned word or keyword (without its colon): one object for one spelling within a compilation, so that
/// names are compared by identity and looked up in arrays by `id`.
final class Name: Sendable {
  let text: String
  /// Counts from 0 in the order of first appearance.
  let id: Int
  /// False for what the lexer refused (`Total`, `größe`): nothing more is said about such a name.
  let isWellFormed: Bool

  init(text: String, id: Int, isWellFormed: Bool) {
    self.text = text
    self.id = id
    self.isWellFormed = isWellFormed
  }
}

extension Name: Hashable {
  static func == (left: Name, right: Name) -> Bool { left === right }
  func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
