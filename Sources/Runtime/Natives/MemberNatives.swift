import Bytecode
import Memory
import Words

/// Lists of the members of large dicts and sets, made in steps: a step takes whole subtrees until it has some hundred
/// members, and says where it stopped.
///
/// A place in a trie is a pair: a child of the root, and a child of that child. -1 stands for a node's own entries,
/// which come before its children's (the iteration order of `TrieCursor`).
enum MemberNatives {
  /// Members after which a step ends: some 20 µs.
  private static var step: Int { 512 }

  /// What of an entry is listed.
  private enum Part: Int {
    case key, value, pair
  }

  /// `(coll, part, child, grandchild, out)`: goes on from a place; gives `(child, grandchild, out)`, with the child nil
  /// when all is done.
  static func members(_ call: NativeCall) -> Word {
    guard let part = call[1].integer.flatMap(Part.init), let child = call.index(2), let inner = call.index(3),
      let out = call.list(4)
    else { return call.misused(.members) }
    let start = Place(child: child, grandchild: inner)
    if call[0].isObject(.dict) { return walk(call, Trie<DictShape>.self, part, start, out) }
    if call[0].isObject(.set) { return walk(call, Trie<SetShape>.self, part, start, out) }
    return call.misused(.members)
  }

  private struct Place {
    var child: Int
    var grandchild: Int
  }

  private static func walk<Shape>(
    _ call: NativeCall, _: Trie<Shape>.Type, _ part: Part, _ start: Place, _ out: Word
  ) -> Word {
    guard call.heap.hasRoom(words: 2 * step * Room.pair) else { return .nil }
    var lister = Lister<Shape>(call.heap, part, out)
    let before = lister.builder.count
    let root = TrieNode<Shape>(HeapObject(call[0])[1])
    var place = start
    if place.child < 0 {
      lister.appendEntries(root)
      place = Place(child: 0, grandchild: -1)
    }
    while place.child < root.childCount, lister.builder.count - before < step {
      let child = TrieNode<Shape>(root.object[root.firstChild + place.child])
      if place.grandchild < 0 {
        lister.appendEntries(child)
      } else if place.grandchild < child.childCount {
        lister.appendAll(TrieNode(child.object[child.firstChild + place.grandchild]))
      } else {
        place = Place(child: place.child + 1, grandchild: -2)
      }
      place.grandchild += 1
    }
    call.charge(work: lister.builder.count - before)
    let isDone = place.child >= root.childCount
    let result = call.heap.allocate(.tuple, size: 3)
    result[0] = isDone ? .nil : Word(place.child)
    result[1] = Word(place.grandchild)
    result[2] = lister.builder.finish()
    return result.word
  }

  private struct Lister<Shape: EntryShape> {
    private let heap: Heap
    private let part: Part
    var builder: ListBuilder

    init(_ heap: Heap, _ part: Part, _ out: Word) {
      self.heap = heap
      self.part = part
      builder = ListBuilder(heap, extending: out)
    }

    mutating func appendEntries(_ node: TrieNode<Shape>) {
      for i in stride(from: node.entries.lowerBound, to: node.entries.upperBound, by: Shape.step) {
        let key = node.object[i]
        let value = node.object[i + Shape.step - 1]
        switch part {
        case .key: builder.append(key)
        case .value: builder.append(value)
        case .pair: builder.append(Tuples.make(heap, key, value))
        }
      }
    }

    /// Recursion as deep as a trie is: 13 levels at most.
    mutating func appendAll(_ node: TrieNode<Shape>) {
      appendEntries(node)
      for i in node.firstChild..<node.object.size { appendAll(TrieNode(node.object[i])) }
    }
  }
}

extension TrieNode {
  fileprivate var childCount: Int { object.size - firstChild }
}
