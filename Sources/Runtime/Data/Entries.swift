import Memory
import Words

/// The small form of dicts, sets, structs and namespaces: one object with all entries, in ascending order of keys.
///
/// E1  Neighbouring keys are ascending, and no two are equal (two that hold a NaN may compare as 0).
/// E2  A key that is the number 0 is never -0, so that numbers and immediates are found by their bits.
enum Entries<Shape: EntryShape> {
  @inline(__always) static func count(_ object: HeapObject) -> Int {
    (object.size &- Shape.base) / Shape.step
  }

  /// A key as it is stored (E2).
  @inline(__always) static func canonical(_ key: Word) -> Word { key == Word(-0.0) ? Word(0.0) : key }

  /// The word index of the entry whose key has the very bits of `key`, or -1.
  @inline(__always) static func identical(_ object: HeapObject, _ key: Word) -> Int {
    var i = Shape.base
    let size = object.size
    while i < size {
      if object[i] == key { return i }
      i &+= Shape.step
    }
    return -1
  }

  /// The word index of the entry with an equal key, or -1. The key is canonical.
  @inline(__always) static func find(_ object: HeapObject, _ key: Word, _ work: inout Work) -> Int {
    if !key.isPointer { return key == Word(Double.nan) ? -1 : identical(object, key) }
    let (index, isFound) = place(object, key, &work)
    return isFound ? index : -1
  }

  /// Where the entry with an equal key is, or where it belongs. The key is canonical.
  static func place(_ object: HeapObject, _ key: Word, _ work: inout Work) -> (index: Int, isFound: Bool) {
    var low = 0
    var high = count(object)
    while low < high {
      let middle = (low + high) / 2
      let index = Shape.base + middle * Shape.step
      let order = Ordering.compare(key, object[index], &work)
      // A key without NaN that compares as 0 is equal; with one it equals nothing, and goes behind its like.
      if order == 0 && Equality.equal(key, object[index], &work) { return (index, true) }
      if order < 0 { high = middle } else { low = middle + 1 }
    }
    return (Shape.base + low * Shape.step, false)
  }

  /// The object with a new entry before word `index`. For sets `value` is not used.
  static func inserting(
    _ heap: Heap, _ object: HeapObject, at index: Int, _ key: Word, _ value: Word
  ) -> HeapObject {
    let size = object.size
    let new = heap.allocate(Shape.small, size: size + Shape.step)
    new.copy(index, from: object, at: 0, to: 0)
    new[index] = key
    if Shape.step == 2 { new[index + 1] = value }
    new.copy(size - index, from: object, at: index, to: index + Shape.step)
    return new
  }

  /// The object with another value for the key at word `index`.
  static func replacing(_ heap: Heap, _ object: HeapObject, at index: Int, _ value: Word) -> HeapObject {
    let new = heap.allocate(Shape.small, size: object.size)
    new.copy(object.size, from: object, at: 0, to: 0)
    new[index + 1] = value
    return new
  }

  /// The collection without the entry at word `index`.
  static func removing(_ heap: Heap, _ object: HeapObject, at index: Int) -> Word {
    let size = object.size - Shape.step
    if size == 0 { return Shape.empty }
    let new = heap.allocate(Shape.small, size: size)
    new.copy(index, from: object, at: 0, to: 0)
    new.copy(size - index, from: object, at: index + Shape.step, to: index)
    return new.word
  }

  /// A new object of at most `count` entries, which `key` and `value` give by index; of equal keys the later entry
  /// wins. Sorted by insertion, so for small counts; the words in front are the caller's to write.
  @inline(__always) static func make(
    _ heap: Heap, count: Int, _ work: inout Work, key: (Int) -> Word, value: (Int) -> Word
  ) -> HeapObject {
    let new = heap.allocate(Shape.small, size: Shape.base + count * Shape.step)
    for i in 0..<Shape.base { new[i] = .nil }
    var used = Shape.base
    for i in 0..<count {
      used = settle(new, used, canonical(key(i)), Shape.step == 2 ? value(i) : .nil, &work)
    }
    return used == new.size ? new : shrunk(heap, new, used)
  }

  /// Puts an entry in its place among the sorted words before `used`; returns where they end now.
  private static func settle(
    _ object: HeapObject, _ used: Int, _ key: Word, _ value: Word, _ work: inout Work
  ) -> Int {
    var index = used
    while index > Shape.base {
      let other = object[index - Shape.step]
      let order = Ordering.compare(other, key, &work)
      if order == 0 && Equality.equal(other, key, &work) {
        if Shape.step == 2 { object[index - 1] = value }
        return used
      }
      if order <= 0 { break }
      index -= Shape.step
    }
    var i = used - 1
    while i >= index {
      object[i + Shape.step] = object[i]
      i -= 1
    }
    object[index] = key
    if Shape.step == 2 { object[index + 1] = value }
    return used + Shape.step
  }

  private static func shrunk(_ heap: Heap, _ object: HeapObject, _ used: Int) -> HeapObject {
    for i in used..<object.size { object[i] = .nil }
    let new = heap.allocate(Shape.small, size: used)
    new.copy(used, from: object, at: 0, to: 0)
    return new
  }
}
