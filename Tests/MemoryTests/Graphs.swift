import Words

@testable import Memory

/// SplitMix64, so that a seed gives the same graph everywhere.
struct Seeded: RandomNumberGenerator {
  private var state: UInt64
  init(_ seed: UInt64) { state = seed }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }
  mutating func below(_ n: Int) -> Int { Int(next() % UInt64(n)) }
}

/// A graph written down so that two graphs are isomorphic exactly if their texts are equal: objects are numbered in the
/// order in which a walk from the roots meets them.
struct Canon: Equatable {
  private(set) var text: [UInt64] = []
  /// Words of all objects, headers included.
  private(set) var words = 0
  /// Where the objects are.
  private(set) var addresses: Set<UInt64> = []

  static func == (x: Canon, y: Canon) -> Bool { x.text == y.text }

  /// - Parameter isTree: write what is shared down wherever it occurs (for copies that do not keep sharing)
  init(_ roots: [Word], isTree: Bool = false) {
    var numbers: [UInt64: UInt64] = [:]
    var queue: [Word] = []
    func name(_ word: Word) -> UInt64 {
      guard word.isPointer else { return word.bits }
      let key = word.bits & ~7
      if !isTree, let known = numbers[key] { return known }
      // No number has so many bits set.
      let number = UInt64.max - UInt64(queue.count)
      numbers[key] = number
      queue.append(word)
      return number
    }
    for root in roots { text.append(name(root)) }
    var next = 0
    while next < queue.count {
      let object = HeapObject(queue[next])
      next += 1
      addresses.insert(object.word.bits & ~7)
      words += object.size + 1
      text.append(object.header.bits)
      for i in 0..<object.members.lowerBound { text.append(object.raw(i)) }
      for i in object.members { text.append(name(object[i])) }
    }
  }
}

extension TestHeap {
  /// A tuple that holds one of very many members twice; some of these are tuples that lead to each other.
  func wideTuple(_ size: Int = 60_000) -> Word {
    let wide = heap.allocate(.tuple, size: size)
    var last = Word.nil
    for i in 0..<size {
      if i % 100 == 0 {
        let pair = heap.allocate(.tuple, size: 2)
        pair[0] = Word(i)
        pair[1] = last
        last = pair.word
      }
      wide[i] = i % 3 == 0 ? last : Word(i)
    }
    let outer = heap.allocate(.tuple, size: 2)
    outer[0] = wide.word
    outer[1] = wide.word
    return outer.word
  }
}

/// Makes random graphs of all kinds of objects: sharing everywhere, cycles through environment records.
struct GraphMaker {
  var random: Seeded
  let heap: Heap
  /// The objects so far.
  private(set) var objects: [Word] = []
  private var environments: [HeapObject] = []

  /// - Parameter known: words that the new objects may hold, too
  init(seed: UInt64, heap: Heap, known: [Word] = []) {
    random = Seeded(seed)
    self.heap = heap
    objects = known.filter { $0.isPrivatePointer }
  }

  /// A graph of about so many objects; some of them.
  mutating func make(objects count: Int, cycles: Bool = true) -> [Word] {
    for _ in 0..<count { objects.append(makeObject(cycles: cycles)) }
    for environment in environments {
      for i in 0..<environment.size where random.below(2) == 0 { environment[i] = anyWord() }
    }
    return (0..<8).map { _ in anyWord() } + [objects[objects.count - 1]]
  }

  private mutating func anyWord() -> Word {
    if !objects.isEmpty, random.below(4) > 0 { return objects[random.below(objects.count)] }
    switch random.below(4) {
    case 0: return Word(Double(random.below(1000)) / 8)
    case 1: return Word(.pid, UInt64(random.below(1 << 20)))
    case 2: return .nil
    default: return Word(.token, random.next() >> 20)
    }
  }

  private mutating func makeObject(cycles: Bool) -> Word {
    switch random.below(cycles ? 9 : 8) {
    case 0: return filled(heap.allocate(.tuple, size: 1 + random.below(6)))
    case 1: return heap.makeString(String(repeating: "é", count: random.below(20))).word
    case 2: return filled(heap.allocate(.listLeaf, size: 1 + random.below(32)))
    case 3: return withRaw(heap.allocate(.list, size: 3, auxiliary: 5), random.next())
    case 4: return withRaw(heap.allocate(.closure, size: 1 + random.below(4)), random.next())
    case 5: return withRaw(heap.allocate(.dictNode, size: 1 + 2 * 2 + 1), 0b101 << 32 | 0b10)
    case 6: return filled(heap.allocate(.smallDict, size: 2 * (1 + random.below(4))))
    case 7:
      let blob = heap.allocate(.blob, size: random.below(5))
      // Raw words may look like anything: nobody may follow them.
      for i in 0..<blob.size { blob.setRaw(i, random.next() >> UInt64(random.below(64)) & ~7) }
      return blob.word
    default:
      let environment = heap.allocate(.environment, size: 1 + random.below(3))
      for i in 0..<environment.size { environment[i] = .unbound }
      environments.append(environment)
      return environment.word
    }
  }

  private mutating func filled(_ object: HeapObject) -> Word {
    for i in 0..<object.size { object[i] = anyWord() }
    return object.word
  }

  private mutating func withRaw(_ object: HeapObject, _ raw: UInt64) -> Word {
    object.setRaw(0, raw)
    for i in 1..<object.size { object[i] = anyWord() }
    return object.word
  }
}

/// All graphs of a few environment records: node `i` has `degrees[i]` slots, each of which is nil or any node.
enum SmallGraphs {
  static func forEach(degrees: [Int], _ body: (_ targets: [Int]) throws -> Void) rethrows {
    let slots = degrees.reduce(0, +)
    var targets = [Int](repeating: 0, count: slots)
    while true {
      try body(targets)
      var i = 0
      while i < slots, targets[i] == degrees.count {
        targets[i] = 0
        i += 1
      }
      if i == slots { return }
      targets[i] += 1
    }
  }

  /// Builds one of them; its first node. Target 0 is nil, target n is node n-1.
  static func build(_ heap: Heap, degrees: [Int], targets: [Int]) -> Word {
    let nodes = degrees.map { heap.allocate(.environment, size: $0) }
    var next = 0
    for node in nodes {
      for i in 0..<node.size {
        node[i] = targets[next] == 0 ? .nil : nodes[targets[next] - 1].word
        next += 1
      }
    }
    return nodes[0].word
  }

  /// Up to three nodes of two slots each, and four nodes of one or two.
  static let shapes = [[1], [2], [2, 2], [2, 2, 2], [2, 2, 1, 1]]
}
