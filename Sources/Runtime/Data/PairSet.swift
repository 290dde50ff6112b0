import Memory
import Words

/// Two objects, on their way to be compared.
struct ObjectPair: Hashable {
  let x: UInt64
  let y: UInt64

  init(_ x: HeapObject, _ y: HeapObject) {
    self.x = x.word.bits
    self.y = y.word.bits
  }

  var objects: (x: HeapObject, y: HeapObject) { (HeapObject(Word(bits: x)), HeapObject(Word(bits: y))) }
}

/// Pairs of objects that were met: many small sets once there are many, so that none takes long to grow.
struct PairSet {
  private var few: Set<ObjectPair> = []
  private var many: [Set<ObjectPair>] = []

  private static var shardBits: UInt64 { 10 }
  private static var fewLimit: Int { 256 }

  /// False: it was there before.
  mutating func insert(_ pair: ObjectPair) -> Bool {
    if many.isEmpty {
      if few.count < PairSet.fewLimit { return few.insert(pair).inserted }
      many = Array(repeating: [], count: 1 << PairSet.shardBits)
    }
    if few.contains(pair) { return false }
    let hash = Hashing.mix(pair.x &+ pair.y &* 0x9E37_79B9_7F4A_7C15)
    return many[Int(truncatingIfNeeded: hash >> (64 - PairSet.shardBits))].insert(pair).inserted
  }
}
