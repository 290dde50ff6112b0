import Memory
import Words

/// What is known of functions by their index. A stub until the machine's own table lands.
enum FunctionTable {
  private static let anonymous: Word = {
    let scratch = Heap.standalone()
    defer { scratch.discard() }
    return ImmortalArea.publish(scratch.makeString("anonymous").word)
  }()

  /// The function's name, an immortal string.
  static func name(_ index: Int) -> StringView { StringView(anonymous) }

  /// The function's place in an order that is the same in every run of the same program.
  static func ordinal(_ index: Int) -> Int { index }
}
