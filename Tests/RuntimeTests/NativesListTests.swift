import Memory
import Words
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

/// List functions of the Prelude against Swift's arrays, with lists around the sizes where leaves and steps end.
final class NativesListTests: XCTestCase {
  private static let sizes = [0, 1, 2, 7, 8, 9, 31, 32, 33, 255, 256, 257, 511, 513, 1023, 1025, 2100]

  private func shown(_ xs: [Int]) -> String { "[" + xs.map(String.init).joined(separator: ", ") + "]" }

  func testFunctionsOfLists() throws {
    var all = Expectations()
    for n in Self.sizes {
      let xs = Array(0..<n)
      let list = "range (\(n))"
      all.expect("map (inc, \(list))", shown(xs.map { $0 + 1 }))
      all.expect("filter (odd?, \(list))", shown(xs.filter { $0 % 2 == 1 }))
      all.expect("filter (fn (x) -> lt? (mod (x, 300), 270), \(list))", shown(xs.filter { $0 % 300 < 270 }))
      all.expect("reject (odd?, \(list))", shown(xs.filter { $0 % 2 == 0 }))
      all.expect("reverse (\(list))", shown(xs.reversed()))
      all.expect("fold (add, \(list), 5)", "\(xs.reduce(5, +))")
      all.expect("sum (\(list))", "\(xs.reduce(0, +))")
      all.expect("sum (drop (\(list), 3))", "\(xs.dropFirst(3).reduce(0, +))")
      all.expect("foldr (fn (x, acc) -> sub (x, acc), \(list), 0)", "\(xs.reversed().reduce(0) { $1 - $0 })")
      all.expect("scan (add, \(list), 0)", shown(xs.map { $0 * ($0 + 1) / 2 }))
      all.expect("enumerate (reverse (\(list)))", pairs(zip(xs, xs.reversed())))
      all.expect("set_at (append (\(list), -1), \(n), 7)", shown(xs + [7]))
      all.expect("insert (\(list), \(n / 2), -1)", shown(xs[..<(n / 2)] + [-1] + xs[(n / 2)...]))
      all.expect("concat (\(list), \(list), [1])", shown(xs + xs + [1]))
      all.expect("flatten (chunk (\(list), 7))", shown(xs))
      all.expect("index_of (\(list), \(n - 1))", n == 0 ? "nil" : "\(n - 1)")
      all.expect("repeat_list (3, \(n))", shown(xs.map { _ in 3 }))
    }
    try all.check()
  }

  private func pairs(_ pairs: some Sequence<(Int, Int)>) -> String {
    "[" + pairs.map { "(\($0), \($1))" }.joined(separator: ", ") + "]"
  }

  func testSortsAreStableAndOrdered() throws {
    var all = Expectations()
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = Seeded(seed)
    for n in Self.sizes {
      let xs = (0..<n).map { _ in random.below(max(1, n / 3)) }
      let list = shown(xs)
      all.expect("sort (\(list))", shown(xs.sorted()))
      let byTens = xs.enumerated().sorted { ($0.element % 10, $0.offset) < ($1.element % 10, $1.offset) }
      all.expect("sort_by (mod (_, 10), \(list))", shown(byTens.map(\.element)))
      all.expect(
        "sort_with (fn (x, y) -> lt? (mod (x, 10), mod (y, 10)), \(list))", shown(byTens.map(\.element)))
      var seen: Set<Int> = []
      all.expect("unique (\(list))", shown(xs.filter { seen.insert($0).inserted }))
    }
    try all.check("seed \(seed)")
  }

  /// More arguments than the frame of the caller has room for.
  func testApplyWithManyArguments() throws {
    var all = Expectations()
    for n in Self.sizes {
      all.expect("apply (add, range (\(n)))", "\(n * max(0, n - 1) / 2)")
      all.expect("count (apply (append, prepend (range (\(n)), [])))", "\(n)")
    }
    all.expect("add (1, 2, 3, 4, 5, 6, 7, 8, _) (9)", "45")
    all.expect("compose (neg, add) (1, 2)", "-3")
    try all.check()
  }

  /// A million arguments of a function that takes any number are one list, which is copied nowhere: there is no room for that.
  func testApplyWithAMillionArguments() throws {
    var all = Expectations()
    let options = "#{:max_heap 1_800_000}"
    func expect(_ body: String, _ shown: String) {
      all.expect("await! (spawn! (fn () -> { let l = range (1_000_000); \(body) }, \(options)))", shown)
    }
    expect("apply (fn (...xs) -> count (xs), l)", "(:ok, 1000000)")
    expect("apply (fn (x, y, ...xs) -> add (y, count (xs)), l)", "(:ok, 999999)")
    expect("{ let f = count (l); apply (fn (...xs) -> add (f, count (xs)), l) }", "(:ok, 2000000)")
    all.expect(
      "match await! (spawn! (fn () -> apply (:a, range (70_000)))) with { (:err, (:panic, m)) -> m }",
      "\"a keyword takes one argument\"")
    for f in ["fn (x, y) -> x", "div (1, _)"] {
      all.expect(
        "match await! (spawn! (fn () -> apply (\(f), range (70_000)))) with { (:err, (:panic, m)) -> slice (m, 0, 47) }",
        "\"no match: anonymous was called with (0, 1, 2, 3\"")
    }
    try all.check()
  }

  /// What a tuple pattern leaves of a long tuple is made in steps.
  func testTheRestOfALongTuple() {
    let world = World()
    let process = world.spawn()
    let count = 100_000
    let tuple = process.heap.allocate(.tuple, size: count)
    for i in 0..<count { tuple[i] = Word(i) }
    for start in [0, 1, 50_000, count - 1, count - ListNatives.movedAtOnce - 1] {
      var slices = 0
      var list = Word.request
      repeat {
        unsafe process.block.pointee.reductions = 100
        unsafe process.block.pointee.request = .none
        list = SlowPaths.tupleRest(process, tuple.word, start)
        slices += 1
      } while list == .request && process.request == .again
      XCTAssertEqual(integers(list), Array(start..<count))
      XCTAssertGreaterThanOrEqual(slices, (count - start) / (2 * SlicedWork.stepWork))
    }
  }

  /// How many members a range has where steps are too small to change its start.
  func testRangesOfTinySteps() {
    for (start, end, step) in [
      (0, 10, 1), (0, 10, 3), (5, 0, -1), (0, 1, 0.1), (1e16, 1e16 + 8, 0.25), (1e16, 1e16 + 2, 1e-3),
      (-1e16, -1e16 - 2, -1e-3),
    ] {
      var members = 0
      while step > 0 ? start + Double(members) * step < end : start + Double(members) * step > end {
        members += 1
      }
      XCTAssertEqual(rangeCount(start, end, step), members, "\(start), \(end), \(step)")
    }
    // A count down from the quotient would take some hours.
    XCTAssertEqual(rangeCount(1e16, 1e16 + 2, 1e-12), 1_000_000_000_001)
  }

  private func rangeCount(_ start: Double, _ end: Double, _ step: Double) -> Int? {
    let process = World().spawn()
    return process.call(RangeNatives.count, Word(start), Word(end), Word(step)).integer
  }

  func testDictsAndSetsOfAllSizes() throws {
    var all = Expectations()
    for n in Self.sizes {
      let xs = Array(0..<n)
      let list = "range (\(n))"
      let dict = "dict (zip (\(list), map (neg, \(list))))"
      all.expect("count (\(dict))", "\(n)")
      all.expect("sort (keys (\(dict)))", shown(xs))
      all.expect("sort (map (neg, values (\(dict))))", shown(xs))
      all.expect("eq? (dict (list (\(dict))), \(dict))", "true")
      all.expect("eq? (keys (\(dict)), map (first, list (\(dict))))", "true")
      all.expect("eq? (show (\(dict)), show (dict (reverse (list (\(dict))))))", "true")
      all.expect("count (filter_values (even?, \(dict)))", "\((n + 1) / 2)")
      all.expect("sort (list (set (\(list))))", shown(xs))
      all.expect("count (union (set (\(list)), set (range (5))))", "\(max(n, 5))")
      all.expect("count (intersect (set (\(list)), set (range (5))))", "\(min(n, 5))")
      all.expect("count (difference (set (\(list)), set (range (5))))", "\(max(0, n - 5))")
      all.expect("subset? (set (range (5)), set (\(list)))", n >= 5 ? "true" : "false")
    }
    try all.check()
  }
}
