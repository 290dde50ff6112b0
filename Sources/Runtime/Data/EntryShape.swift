import Memory
import Words

/// What dicts, sets, structs and namespaces differ in, so that one piece of code serves them all.
/// An *entry* is a key and its value, or a member of a set.
protocol EntryShape {
  /// Words of an entry.
  static var step: Int { get }
  /// Words in front of the entries of the small form.
  static var base: Int { get }
  /// The most entries of the small form.
  static var limit: Int { get }
  static var small: ObjectKind { get }
  static var large: ObjectKind { get }
  static var node: ObjectKind { get }
  static var collision: ObjectKind { get }
  static var empty: Word { get }
}

enum DictShape: EntryShape {
  @inline(__always) static var step: Int { 2 }
  @inline(__always) static var base: Int { 0 }
  @inline(__always) static var limit: Int { 32 }
  @inline(__always) static var small: ObjectKind { .smallDict }
  @inline(__always) static var large: ObjectKind { .dict }
  @inline(__always) static var node: ObjectKind { .dictNode }
  @inline(__always) static var collision: ObjectKind { .dictCollision }
  @inline(__always) static var empty: Word { .emptyDict }
}

enum SetShape: EntryShape {
  @inline(__always) static var step: Int { 1 }
  @inline(__always) static var base: Int { 0 }
  @inline(__always) static var limit: Int { 32 }
  @inline(__always) static var small: ObjectKind { .smallSet }
  @inline(__always) static var large: ObjectKind { .set }
  @inline(__always) static var node: ObjectKind { .setNode }
  @inline(__always) static var collision: ObjectKind { .setCollision }
  @inline(__always) static var empty: Word { .emptySet }
}

/// Structs are small whatever their size: nobody adds keys to them.
enum StructShape: EntryShape {
  @inline(__always) static var step: Int { 2 }
  @inline(__always) static var base: Int { 0 }
  @inline(__always) static var limit: Int { Int.max }
  @inline(__always) static var small: ObjectKind { .structure }
  @inline(__always) static var large: ObjectKind { .structure }
  @inline(__always) static var node: ObjectKind { .structure }
  @inline(__always) static var collision: ObjectKind { .structure }
  @inline(__always) static var empty: Word { .emptyStruct }
}

/// A namespace is a struct behind its name; an empty one is an object too.
enum NamespaceShape: EntryShape {
  @inline(__always) static var step: Int { 2 }
  @inline(__always) static var base: Int { 1 }
  @inline(__always) static var limit: Int { Int.max }
  @inline(__always) static var small: ObjectKind { .namespace }
  @inline(__always) static var large: ObjectKind { .namespace }
  @inline(__always) static var node: ObjectKind { .namespace }
  @inline(__always) static var collision: ObjectKind { .namespace }
  @inline(__always) static var empty: Word { .absent }
}
