import Memory
import Words
import XCTest

@testable import Runtime

final class DataDictTests: XCTestCase {
  typealias Model = [Word.Key: Int]

  private func check(_ dict: Word, _ model: Model, _ note: @autoclosure () -> String, line: UInt = #line) {
    XCTAssertEqual(Dicts.count(dict), model.count, note(), line: line)
    XCTAssertNil(Collection<DictShape>.brokenInvariant(dict), note(), line: line)
    var work = Work()
    for (key, value) in model {
      XCTAssertEqual(Dicts.find(dict, key.word, &work), Word(value), note(), line: line)
    }
    var cursor = Dicts.Cursor(dict)
    var seen = Model()
    while cursor.moveOn() { seen[Word.Key(cursor.key)] = cursor.value.integer }
    XCTAssertEqual(seen, model, note(), line: line)
  }

  /// The dict of a model, its entries inserted in an order of its own.
  private func build(_ heap: Heap, _ model: Model, _ random: inout Seeded) -> Word {
    var work = Work()
    return model.shuffled(using: &random).reduce(Word.emptyDict) {
      Dicts.insert(heap, $0, $1.key.word, Word($1.value), &work)
    }
  }

  func testRandomOperationsAgainstDictionary() {
    for (seed, range) in [8, 33, 40, 70, 500, 3000].enumerated() {
      withHeap { heap in
        var random = Seeded(UInt64(seed))
        var dict = Word.emptyDict
        var model = Model()
        var work = Work()
        for step in 0..<range * 4 {
          let key = Word.Key(Word(random.below(range)))
          if random.below(5) < 3 {
            dict = Dicts.insert(heap, dict, key.word, Word(step), &work)
            model[key] = step
          } else {
            dict = Dicts.remove(heap, dict, key.word, &work)
            model[key] = nil
          }
          if step % max(1, range / 8) == 0 { check(dict, model, "seed \(seed) step \(step)") }
        }
        check(dict, model, "seed \(seed)")
        XCTAssertTrue(Equality.equal(dict, build(heap, model, &random), &work), "seed \(seed)")
      }
    }
  }

  /// All subsets of six keys that meet at chosen depths, put into a dict with 33 others, in two orders; then taken out.
  func testAllSubsetsOfCollidingKeys() {
    let keys = [
      key(slots: [1, 2, 3]), key(slots: [1, 2, 3], variant: 1), key(slots: [1, 2, 4]), key(slots: [1, 5]),
      key(slots: [1, 2, 3, 7]), key(slots: [6]),
    ]
    withHeap { heap in
      var work = Work()
      let others = (0..<33).reduce(Word.emptyDict) {
        Dicts.insert(heap, $0, Word($1 + 1000), Word($1), &work)
      }
      for subset in 0..<64 {
        let chosen = keys.indices.filter { subset >> $0 & 1 == 1 }
        let up = chosen.reduce(others) { Dicts.insert(heap, $0, keys[$1], Word($1), &work) }
        let down = chosen.reversed().reduce(others) { Dicts.insert(heap, $0, keys[$1], Word($1), &work) }
        XCTAssertNil(Collection<DictShape>.brokenInvariant(up))
        XCTAssertTrue(Equality.equal(up, down, &work), "subset \(subset)")
        XCTAssertEqual(Hashing.hash(up, &work), Hashing.hash(down, &work))
        for i in keys.indices {
          XCTAssertEqual(Dicts.find(up, keys[i], &work), chosen.contains(i) ? Word(i) : .absent)
        }
        let emptied = chosen.reduce(up) { Dicts.remove(heap, $0, keys[$1], &work) }
        XCTAssertNil(Collection<DictShape>.brokenInvariant(emptied))
        XCTAssertTrue(Equality.equal(emptied, others, &work), "subset \(subset)")
      }
    }
  }

  /// Lists that differ behind the members that a hash looks at have equal hashes.
  func testEqualHashes() {
    withHeap { heap in
      var work = Work()
      let long = makeList(heap, 0..<2100)
      let keys = (0..<50).map { Lists.set(heap, long, 2099, Word($0)) }
      XCTAssertEqual(Hashing.hash(keys[0], &work), Hashing.hash(keys[1], &work))
      let up = keys.indices.reduce(Word.emptyDict) { Dicts.insert(heap, $0, keys[$1], Word($1), &work) }
      let down = keys.indices.reversed().reduce(Word.emptyDict) {
        Dicts.insert(heap, $0, keys[$1], Word($1), &work)
      }
      XCTAssertEqual(Dicts.count(up), 50)
      XCTAssertNil(Collection<DictShape>.brokenInvariant(up))
      XCTAssertTrue(Equality.equal(up, down, &work))
      for i in keys.indices { XCTAssertEqual(Dicts.find(up, keys[i], &work), Word(i)) }
      var dict = up
      for i in keys.indices.reversed() {
        dict = Dicts.remove(heap, dict, keys[i], &work)
        XCTAssertNil(Collection<DictShape>.brokenInvariant(dict))
        XCTAssertEqual(Dicts.count(dict), i)
      }
      XCTAssertEqual(dict, .emptyDict)
    }
  }

  func testKeysOfAllTypesAndOldVersions() {
    withHeap { heap in
      var work = Work()
      func string(_ n: Int) -> Word { heap.makeString("key \(n)").word }
      let makers: [(Int) -> Word] = [
        { Word($0) }, { Keywords.intern("dict-test-\($0)") }, string,
        { Tuples.make(heap, Word($0), string($0)) },
      ]
      for make in makers {
        var versions = [Word.emptyDict]
        for i in 0..<80 { versions.append(Dicts.insert(heap, versions[i], make(i), Word(i), &work)) }
        for n in [0, 1, 31, 32, 33, 34, 80] {
          XCTAssertEqual(Dicts.count(versions[n]), n)
          XCTAssertNil(Collection<DictShape>.brokenInvariant(versions[n]))
          for i in 0..<80 {
            XCTAssertEqual(Dicts.find(versions[n], make(i), &work), i < n ? Word(i) : .absent)
          }
        }
      }
      let keyword = Keywords.intern("dict-test-5")
      let dict = (0..<40).reduce(Word.emptyDict) {
        Dicts.insert(heap, $0, Keywords.intern("dict-test-\($1)"), Word($1), &work)
      }
      XCTAssertEqual(Dicts.find(dict, keyword: keyword), Word(5))
      XCTAssertEqual(Dicts.find(dict, keyword: Keywords.intern("dict-test-none")), .absent)
    }
  }

  func testZeroAndNaN() {
    withHeap { heap in
      var work = Work()
      let dict = Dicts.insert(heap, .emptyDict, Word(-0.0), Word(1), &work)
      XCTAssertEqual(Dicts.find(dict, Word(0.0), &work), Word(1))
      XCTAssertEqual(Dicts.count(Dicts.insert(heap, dict, Word(0), Word(2), &work)), 1)
      for count in [1, 2, 32, 33, 40] {
        let set = Sets.make(heap, count: count, &work) { _ in Word(Double.nan) }
        XCTAssertEqual(Sets.count(set), count)
        XCTAssertFalse(Sets.contains(set, Word(Double.nan), &work))
        XCTAssertFalse(Equality.equal(set, set, &work))
        XCTAssertEqual(Sets.remove(heap, set, Word(Double.nan), &work), set)
      }
      let pair = Tuples.make(heap, Word(1), Word(Double.nan))
      let pairs = Sets.make(heap, count: 3, &work) { _ in pair }
      XCTAssertEqual(Sets.count(pairs), 3)
    }
  }

  func testMakeTakesTheLaterOfEqualKeys() {
    withHeap { heap in
      var work = Work()
      for count in [1, 2, 5, 32, 33, 64, 100] {
        let keys = count / 2 + 1
        let dict = Dicts.make(
          heap, count: count, &work, key: { Word($0 % keys) }, value: { Word($0) })
        XCTAssertEqual(Dicts.count(dict), min(count, keys))
        XCTAssertNil(Collection<DictShape>.brokenInvariant(dict))
        for k in 0..<min(keys, count) {
          let last = stride(from: k, to: count, by: keys).reversed().first
          XCTAssertEqual(Dicts.find(dict, Word(k), &work), Word(last ?? -1))
        }
      }
    }
  }

  /// Made at once or one by one, a collection is the same; keys that meet at every depth included.
  func testMakingAtOnce() {
    for seed in UInt64(0)..<18 {
      withHeap { heap in
        var random = Seeded(seed)
        var work = Work()
        let long = makeList(heap, 0..<2100)
        let special = (0..<12).map { i -> Word in
          switch i % 4 {
          case 0: key(slots: [1, 2, 3], variant: UInt64(i))
          case 1: key(slots: [1, 2], variant: UInt64(i))
          case 2: Word(Double.nan)
          default: Lists.set(heap, long, 2099, Word(i))
          }
        }
        let range = [40, 100, 3000][Int(seed % 3)]
        let keys = (0..<random.below(range) + 33).map { _ in
          random.below(5) == 0 ? special[random.below(special.count)] : Word(random.below(range))
        }
        let made = Dicts.make(heap, count: keys.count, &work, key: { keys[$0] }, value: { Word($0) })
        let inserted = keys.indices.reduce(Word.emptyDict) {
          Dicts.insert(heap, $0, keys[$1], Word($1), &work)
        }
        XCTAssertNil(Collection<DictShape>.brokenInvariant(made), "seed \(seed)")
        XCTAssertEqual(Dicts.count(made), Dicts.count(inserted), "seed \(seed)")
        XCTAssertEqual(Ordering.compare(made, inserted, &work), 0, "seed \(seed)")
        let hasNaN = keys.contains(Word(Double.nan))
        XCTAssertEqual(Equality.equal(made, inserted, &work), !hasNaN, "seed \(seed)")
        let half = keys.count / 2
        let merged = Dicts.merge(
          heap, Dicts.make(heap, count: half, &work, key: { keys[$0] }, value: { Word($0) }),
          Dicts.make(
            heap, count: keys.count - half, &work, key: { keys[half + $0] }, value: { Word(half + $0) }),
          &work)
        XCTAssertNil(Collection<DictShape>.brokenInvariant(merged), "seed \(seed)")
        XCTAssertEqual(Equality.equal(made, merged, &work), !hasNaN, "seed \(seed)")
      }
    }
  }

  func testMergeAndSetAlgebraAgainstSet() {
    for seed in UInt64(0)..<40 {
      withHeap { heap in
        var random = Seeded(seed)
        var work = Work()
        let range = [10, 40, 90, 400][Int(seed % 4)]
        func draw() -> Set<Int> { Set((0..<random.below(range)).map { _ in random.below(range) }) }
        func make(_ members: Set<Int>) -> Word {
          let members = Array(members)
          return Sets.make(heap, count: members.count, &work) { Word(members[$0]) }
        }
        let (x, y) = (draw(), draw())
        let (a, b) = (make(x), make(y))
        for (word, model) in [
          (Sets.union(heap, a, b, &work), x.union(y)),
          (Sets.intersection(heap, a, b, &work), x.intersection(y)),
          (Sets.difference(heap, a, b, &work), x.subtracting(y)),
        ] {
          XCTAssertEqual(Set(integers(Sets.list(heap, word))), model, "seed \(seed)")
          XCTAssertNil(Collection<SetShape>.brokenInvariant(word), "seed \(seed)")
          XCTAssertTrue(Equality.equal(word, make(model), &work), "seed \(seed)")
        }
        XCTAssertEqual(Sets.isSubset(a, b, &work), x.isSubset(of: y))
        XCTAssertTrue(Sets.isSubset(Sets.intersection(heap, a, b, &work), a, &work))
      }
    }
  }

  func testIterationIsAscendingUpTo32() {
    withHeap { heap in
      var work = Work()
      for count in [1, 2, 31, 32] {
        let set = Sets.make(heap, count: count, &work) { Word(count - $0) }
        XCTAssertEqual(integers(Sets.list(heap, set)), Array(1...count))
      }
      let large = Sets.make(heap, count: 40, &work) { Word($0) }
      let shrunk = (32..<40).reduce(large) { Sets.remove(heap, $0, Word($1), &work) }
      XCTAssertEqual(integers(Sets.list(heap, shrunk)), Array(0..<32))
    }
  }

  func testStructsAndNamespaces() {
    withHeap { heap in
      var work = Work()
      let keys = ["b", "a", "c"].map { Keywords.intern($0) }
      let structure = Structs.make(heap, count: 3, &work, key: { keys[$0] }, value: { Word($0) })
      XCTAssertEqual(shown(structure), "@{:a 1, :b 0, :c 2}")
      XCTAssertEqual(Structs.find(structure, keys[2]), Word(2))
      XCTAssertEqual(Structs.find(structure, Keywords.intern("none")), .absent)
      let name = Keywords.intern("shop")
      let namespace = Namespaces.make(
        heap, name: name, count: 3, &work, key: { keys[$0] }, value: { Word($0) })
      XCTAssertEqual(shown(namespace), "ns shop {:a 1, :b 0, :c 2}")
      XCTAssertEqual(Namespaces.find(namespace, keys[0]), Word(0))
      XCTAssertEqual(Namespaces.find(namespace, name), .absent)
    }
  }
}

extension Word {
  /// A word as a key of a Swift dictionary, equal by its bits.
  struct Key: Hashable {
    let bits: UInt64
    init(_ word: Word) { bits = word.bits }
    var word: Word { Word(bits: bits) }
  }
}
