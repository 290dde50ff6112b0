/// An interned word or keyword (without its colon): one object for one spelling within a compilation, so that
/// names are compared by identity and looked up in arrays by `id`.
final class Name: Sendable {
  let text: String
  /// Counts from 0 in the order of first appearance.
  let id: Int
  /// What the spelling is as a word: `.word`, or the kind of a reserved word. A keyword may be spelled like one.
  let wordKind: Token.Kind
  /// False for what the lexer refused (`Total`, `größe`): nothing more is said about such a name.
  let isWellFormed: Bool

  init(text: String, id: Int) {
    self.text = text
    self.id = id
    wordKind = ReservedWord.kinds[text] ?? .word
    isWellFormed = text.utf8.first.map(Ascii.isLower) == true && text.utf8.allSatisfy(Ascii.isWordByte)
  }
}

extension Name: Hashable {
  static func == (left: Name, right: Name) -> Bool { left === right }
  func hash(into hasher: inout Hasher) { hasher.combine(id) }
}
