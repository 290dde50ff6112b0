import Memory
import Words

/// Structs and namespaces: keys are keywords, found by their bits.
enum Structs {
  /// A walk over a struct's keys and values in ascending order.
  typealias Cursor = EntryCursor<StructShape>

  @inline(__always) static func isStruct(_ word: Word) -> Bool {
    word == .emptyStruct || word.isObject(.structure)
  }

  @inline(__always) static func count(_ structure: Word) -> Int {
    structure == .emptyStruct ? 0 : Entries<StructShape>.count(HeapObject(structure))
  }

  /// The value of a key, or `absent`.
  @inline(__always) static func find(_ structure: Word, _ key: Word) -> Word {
    guard structure.isPointer, !key.isPointer else { return .absent }
    let object = HeapObject(structure)
    let index =
      object.size > manyWords ? findAmongMany(object, key) : Entries<StructShape>.identical(object, key)
    return index < 0 ? .absent : object[index &+ 1]
  }

  /// From so many words on halving beats looking at one key after another.
  private static var manyWords: Int { 512 }

  @inline(never) private static func findAmongMany(_ object: HeapObject, _ key: Word) -> Int {
    var work = Work()
    let (index, isFound) = Entries<StructShape>.place(object, key, &work)
    return isFound ? index : -1
  }

  /// A struct of `count` pairs, which `key` and `value` give by index; of equal keys the later value wins.
  @inline(__always) static func make(
    _ heap: Heap, count: Int, _ work: inout Work, key: (Int) -> Word, value: (Int) -> Word
  ) -> Word {
    guard count > 0 else { return .emptyStruct }
    return Entries<StructShape>.make(heap, count: count, &work, key: key, value: value).word
  }
}

enum Namespaces {
  /// A walk over a namespace's keys and values in ascending order.
  typealias Cursor = EntryCursor<NamespaceShape>

  @inline(__always) static func isNamespace(_ word: Word) -> Bool { word.isObject(.namespace) }

  @inline(__always) static func count(_ namespace: Word) -> Int {
    Entries<NamespaceShape>.count(HeapObject(namespace))
  }

  /// The name, a keyword.
  static func name(_ namespace: Word) -> Word { HeapObject(namespace)[0] }

  /// The value of a key, or `absent`.
  @inline(__always) static func find(_ namespace: Word, _ key: Word) -> Word {
    guard !key.isPointer else { return .absent }
    let object = HeapObject(namespace)
    let index = Entries<NamespaceShape>.identical(object, key)
    return index < 0 ? .absent : object[index &+ 1]
  }

  /// A namespace of `count` pairs, which `key` and `value` give by index.
  @inline(__always) static func make(
    _ heap: Heap, name: Word, count: Int, _ work: inout Work, key: (Int) -> Word, value: (Int) -> Word
  ) -> Word {
    let object = Entries<NamespaceShape>.make(heap, count: count, &work, key: key, value: value)
    object[0] = name
    return object.word
  }
}
