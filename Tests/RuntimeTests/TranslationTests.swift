import Bytecode
import Ludus
import XCTest

@testable import Runtime

/// Machine code beside the interpreter.
final class TranslationTests: XCTestCase {
  /// Everything has code that can be entered (T1), behind where calls enter its procedure.
  func testEveryInstructionIsTranslated() throws {
    try XCTSkipIf(Translation.stubs == nil, "this machine runs no machine code")
    let image = try Evaluation.prelude()
    let module = try Loader.load(image, prelude: nil)
    for (procedure, start) in zip(image.procedures, module.starts) {
      let entry = machineCode(start - 8)
      XCTAssertNotEqual(entry, 0)
      var places: Set<UInt> = [entry]
      var at = 0
      while at < procedure.code.count {
        let place = machineCode(start + UInt(at) * 8)
        XCTAssertGreaterThan(place, entry, "\(procedure.code[at])")
        XCTAssertTrue(places.insert(place).inserted, "\(procedure.code[at])")
        guard let opcode = procedure.code[at].opcode else { return XCTFail("no opcode") }
        if opcode.width == 2 {
          let hasFollower =
            switch opcode.shape.second {
            case .move, .jumpIfFalsy: true
            case .extend, .none: false
            }
          XCTAssertEqual(machineCode(start + UInt(at + 1) * 8) != 0, hasFollower, "\(opcode)")
        }
        at += opcode.width
      }
    }
  }

  private func machineCode(_ word: UInt) -> UInt {
    unsafe UnsafePointer<UInt>(bitPattern: word + UInt(CodeArea.distance)).unsafelyUnwrapped.pointee
  }

  func testWhoInterpretsHasNoWayIntoMachineCode() throws {
    var options = VMOptions()
    options.schedulers = 1
    let translating = try VirtualMachine(prelude: Evaluation.prelude(), options: options)
    XCTAssertEqual(unsafe translating.shared.state.pointee.translation, Translation.entry)
    options.interprets = true
    let interpreting = try VirtualMachine(prelude: Evaluation.prelude(), options: options)
    XCTAssertEqual(unsafe interpreting.shared.state.pointee.translation, 0)
  }

  /// Programs come to the same values, in the same turns, with the same charges (T3).
  func testProgramsRunAsInterpreted() throws {
    let programs = Self.programs.map { ($0, "finished") } + Self.panicking.map { ($0, "failed") }
    for (source, start) in programs {
      let translated = try play(source, interprets: false)
      let interpreted = try play(source, interprets: true)
      XCTAssertTrue(translated.outcome.hasPrefix(start), "\(translated.outcome): \(source)")
      XCTAssertEqual(translated.outcome, interpreted.outcome, source)
      XCTAssertEqual(translated.report.statistics, interpreted.report.statistics, source)
      XCTAssertEqual(translated.report.trace, interpreted.report.trace, source)
    }
  }

  /// What an instruction may overwrite is forgotten, and all at a label (T7).
  func testKnownNumbersAreForgotten() throws {
    var known = Known(inRax: 4)
    known.numbers = (1...6).map { ($0, UInt64($0)) }
    let second = Instruction(.move, a: 9, b: 5)
    let cases: [(Instruction, [Instruction], [Int])] = [
      (Instruction(.jumpUnlessZero, a: 1), [], [1, 2, 3, 4, 5, 6]),
      (Instruction(.add, a: 9, b: 1, c: 1), [Instruction(.add), second], [1, 2, 3, 4]),
      (Instruction(.move, a: 4, b: 1), [], [1, 2, 3]),
      (Instruction(.openTuple, x: 2, a: 1, b: 4), [], [1, 2, 3]),
      (Instruction(.callNative, a: 3, b: 2), [], [1, 2]),
      (Instruction(.callDirect, a: 2, b: 1), [], [1]),
    ]
    for (instruction, code, left) in cases {
      known.forget(instruction, try XCTUnwrap(instruction.opcode).shape, code, 0)
      XCTAssertEqual(known.numbers.map(\.register), left, "\(instruction)")
    }
    XCTAssertEqual(known.number(1), 1)
    XCTAssertNil(known.number(2))
    XCTAssertNil(known.common(known).number(1))
    XCTAssertEqual(known.common(known).inRax, 4)
    XCTAssertNil(known.common(Known(inRax: 5)).inRax)
  }

  /// The thread's stack holds all returns of the longest slice there is (T5).
  func testDeepCallsWithinASlice() throws {
    let source = """
      fn deep (n) -> if zero? (n) then 0 else add (1, deep (dec (n)))
      (deep (99_000), deep (250_000))

      """
    let translated = try play(source, interprets: false, slice: VMOptions.sliceRange.upperBound)
    let interpreted = try play(source, interprets: true, slice: VMOptions.sliceRange.upperBound)
    XCTAssertTrue(translated.outcome.contains("250000"), translated.outcome)
    XCTAssertEqual(translated.outcome, interpreted.outcome)
    XCTAssertEqual(translated.report.statistics, interpreted.report.statistics)
  }

  private func play(
    _ source: String, interprets: Bool, slice: Int? = nil
  ) throws -> (outcome: String, report: SimulationReport) {
    var options = VMOptions()
    options.schedulers = 2
    options.slice = slice
    options.quietExits = true
    options.interprets = interprets
    let run = try Evaluation.play(source, options, seed: 3)
    return ("\(run.outcome)", run.report)
  }

  /// What the rarely run parts of instructions are for is in them, too: other operands, NaN, infinities, -0, panics, deep
  /// stacks, long loops, objects of many members.
  private static let programs = [
    """
    fn fib { (0) -> 0; (1) -> 1; (n) -> add (fib (sub (n, 1)), fib (sub (n, 2))) }
    fib (21)

    """,
    """
    let big = mult (pow (10, 300), pow (10, 300))
    let odd = sub (big, big)
    let numbers = [0, neg (0), 1, -1, 0.5, 1.5, big, neg (big), odd, 9_007_199_254_740_993]
    fn each_pair (f) -> map (fn (x) -> map (fn (y) -> f (x, y), numbers), numbers)
    fn safe (f) -> fn (x, y) -> if zero? (y) then :none else f (x, y)
    show ([each_pair (add), each_pair (fn (x, y) -> sub (x, y)), each_pair (fn (x, y) -> mult (x, y)),
      each_pair (safe (fn (x, y) -> div (x, y))), each_pair (fn (x, y) -> lt? (x, y)), each_pair (fn (x, y) -> lte? (x, y)),
      each_pair (fn (x, y) -> eq? (x, y)), each_pair (fn (x, y) -> if lt? (x, y) then 1 else 2),
      each_pair (fn (x, y) -> if lte? (x, y) then 1 else 2), each_pair (fn (x, y) -> if eq? (x, y) then 1 else 2),
      each_pair (fn (x, y) -> add (x, y, 1)), map (fn (x) -> add (x, 7), numbers), map (fn (x) -> if zero? (x) then 0 else 1, numbers)])

    """,
    """
    let big = mult (pow (10, 300), pow (10, 300))
    let odd = sub (big, big)
    let numbers = [0, neg (0), 1, -1, 0.5, -0.5, 3, -7, 65536, 2_147_483_647, 2_147_483_648, 4_294_967_296, 4_503_599_627_370_497.5,
      9_007_199_254_740_991, 9_007_199_254_740_992, -9_007_199_254_740_993, 1e19, -1e19, big, neg (big), odd]
    fn each_pair (f) -> map (fn (x) -> map (fn (y) -> f (x, y), numbers), numbers)
    fn safe (f) -> fn (x, y) -> if zero? (y) then :none else f (x, y)
    fn sign (x) -> atan/2 (0, x)
    show ([each_pair (safe (fn (x, y) -> mod (x, y))), each_pair (safe (fn (x, y) -> quot (x, y))), each_pair (fn (x, y) -> min (x, y)),
      each_pair (fn (x, y) -> max (x, y)), each_pair (fn (x, y) -> sub (x, y, 1)), each_pair (fn (x, y) -> mult (x, y, 3)),
      each_pair (safe (fn (x, y) -> sign (mod (x, y)))), map (fn (x) -> (mod (x, 2), quot (x, 2), mod (x, 1000), quot (x, 1000)), numbers),
      map (fn (x) -> (mod (x, 4_294_967_296), quot (x, 4_294_967_296), mod (x, 2.5), quot (x, -3), mod (x, 0.5)), numbers), map (fn (x) -> (floor (x), sign (floor (x)), square (x), neg (x), abs (x)), numbers),
      map (fn (x) -> (zero? (x), pos? (x), neg? (x), even? (x), odd? (x), ceil (x), round (x), trunc (x)), numbers)])

    """,
    """
    let numbers = [0, neg (0), 0.5, -1, 1, 31, 32, 33, 1023, 1024, 1055, 1056, 99_999, 100_000, 2_147_483_647, 2_147_483_648, 1e30]
    fn look (xs) -> map (fn (n) -> if int? (n) then (at (xs, n), count (xs), first (xs)) else nil, numbers)
    let long = range (100_000)
    let lists = [[], [7], range (31), range (32), range (33), range (1056), range (1057), long, drop (long, 5), drop (long, 33), take (long, 40),
      slice (long, 1000, 3100), drop (long, 99_990), prepend (long, :a), set_at (long, 31, :b), (), (1, 2), (1, 2, 3, 4)]
    fn ends { ([]) -> :none; ([x, y, ...more]) -> (x, y, count (more)); ([x, ...more]) -> (x, more) }
    let words = [nil, true, :a, :b, 0, neg (0), 1, "text", [1], (1, 2), (), []]
    (map (fn (x) -> map (fn (y) -> eq? (x, y), words), words), map (fn (x) -> (at (x, 0), at (x, 3), at (x, 40)), lists), map (look, lists), map (fn (xs) -> if list? (xs) then ends (xs) else (count (xs), at (xs, 1)), lists),
      map (fn (x) -> (list? (x), tuple? (x), string? (x)), lists), at ("text", 2), count ("text"))

    """,
    """
    fn kind {
      (nil) -> :nil
      (true) -> :yes
      (()) -> :unit
      ([]) -> :empty
      ((a)) -> (:one, a)
      ((a, b)) -> (:two, b, a)
      ((a, b, c)) -> (:three, c, b, a)
      ((a, b, c, d, ...)) -> (:more, d)
      ([x]) -> (:single, x)
      ([x, y, ...rest]) -> (:list, y, rest)
      ("text") -> :text
      (s as :string) -> (:string, count (s))
      (k as :keyword) -> k
      (n as :number) -> (:number, n)
      (other) -> :other
    }
    map (kind, [nil, true, false, (), [], (1), (1, 2), (1, 2, 3), (1, 2, 3, 4), (1, 2, 3, 4, 5), [1], [1, 2], [1, 2, 3, 4],
      "text", "other", "text!", :key, 4, -0.5, #{:a 1}, ${1}, @{:a 2}, kind, (nil, nil)])

    """,
    """
    fn count_up (n) -> loop (0, 0) with { (i, sum) -> if gte? (i, n) then sum else recur (inc (i), add (sum, mod (mult (i, 7), 13))) }
    fn deep (n) -> if zero? (n) then 0 else add (1, deep (dec (n)))
    fn adder (x, y, z) -> fn (w) -> (x, y, z, w)
    fn even_steps (n) -> if zero? (n) then :even else odd_steps (dec (n))
    fn odd_steps (n) -> if zero? (n) then :odd else even_steps (dec (n))
    let partial = add (1, _)
    (count_up (20_000), deep (30_000), map (adder (1, 2, 3), range (40)), even_steps (10_001), map (partial, [1, 2]),
      fold (add, range (2_000), 0), :a (@{:a 1}), apply! (add, [1, 2, 3]))

    """.replacingOccurrences(of: ", apply! (add, [1, 2, 3])", with: ""),
    """
    fn member (next) -> receive {
      0 -> { send (next, :done); member (next) }
      :done -> send (next, :done)
      (:text, t) -> { send (next, (:text, t)); member (next) }
      n -> { send (next, dec (n)); member (next) }
    }
    let home = self ()
    let ring = fold (fn (next, _) -> spawn! (fn () -> member (next)), range (20), home)
    send (ring, (:text, "a text"))
    let text = receive { (:text, t) -> t }
    send (ring, 500)
    fn turn () -> receive { :done -> :done; n -> { send (ring, n); turn () } }
    let slow = receive { :never -> 1; after 20 -> :late }
    (text, slow, turn ())

    """,
    // Messages of all kinds that are looked at again and again, also when their values have moved.
    """
    let home = self ()
    fn server () -> receive {
      (:call, from, x) -> { reply (from, (x, x)); send (home, (:answered, x, [x])); server () }
    }
    let it = spawn! (server)
    let others = [[1, [2]], (:reply, 1), (:reply, 1, 2), (:other, "a", 1.5), "text", share (range (3)), @{:a [1]}, 7, nil, :never]
    each! (fn (x) -> send (home, (x, [x])), others)
    each! (fn (x) -> send (home, x), others)
    fn asked (n) -> if zero? (n) then [] else {
      let answer = call! (it, n)
      let after_it = receive { (:answered, x, y) -> (x, y) }
      let rubbish = map (fn (i) -> [i], range (3_000))
      send (home, (:last, n))
      prepend (asked (dec (n)), (answer, after_it, count (rubbish), receive { (:last, m) -> m }))
    }
    let calls = asked (20)
    fn all (xs) -> receive { x -> all (append (xs, x)); after 0 -> xs }
    (calls, all ([]))

    """,
    // Appending fills in no pointers (L6 at `Lists.append`): what `xs` costs to send tells.
    """
    fn behind (xs, x) -> append (xs, x)
    let xs = behind (behind (behind ([0], 1), 2), 3)
    let more = behind (behind (xs, 4), (5, 6, 7, 8, 9))
    let other = behind (behind (behind ([0], 1), 2), (5, 6, 7, 8, 9))
    repeat 1_000 {
      send (self (), behind ([0, 1], (:a, :b, :c)))
      send (self (), xs)
      receive { [0, 1, _] -> nil }
      receive { [0, 1, 2, 3] -> nil }
    }
    let short = behind (behind ([0], 1), 2)
    behind (short, (5, 6, 7, 8, 9))
    repeat 1_000 {
      send (self (), short)
      receive { [0, 1, 2] -> nil }
    }
    (more, other, short)

    """,
    // Two ways to the second clause, with different words in rax (T6).
    """
    fn two {
      (1, 2) -> :first
      (3, y) -> (:second, y)
      (:a, :b) -> :third
      (:b, x) -> (:fourth, x)
      (x, y) -> (x, y)
    }
    fn later (n, x) -> loop (n, x) with {
      (0, 0) -> :zero
      (m, 0) -> recur (dec (m), :a)
      (0, :a) -> :keyword
      (0, y) -> y
      (m, y) -> recur (dec (m), if eq? (m, 2) then 0 else y)
    }
    let xs = [1, 2, 3, :a, :b, 1.5]
    (map (fn (x) -> map (fn (y) -> two (x, y), xs), xs), later (0, 0), later (5, :a), later (4, 0), later (3, 3))

    """,
    // Slow paths that call, and tail calls that the interpreter finishes, in the midst of calls (T5).
    """
    fn wave (n) -> if zero? (n) then (0, "") else {
      let (sum, text) = wave (dec (n))
      let more = add (mod (add (n, 0.5), 7), quot (n, 2.5), count ("abc"))
      let letter = at ("abc", mod (n, 3))
      (add (sum, more), if lt? (count (text), 40) then "{text}{letter}" else "")
    }
    fn finish (f, x) -> f (x)
    fn climb (n) -> if zero? (n) then 0 else add (finish (count, [n, n]), finish (sum, [n, 1]), finish (partial, n), climb (dec (n)))
    let partial = add (2, _)
    (climb (300), finish (show, [1, climb (3)]), finish (wave, 200), map (climb, [1, 2]))

    """,
    "let xs = map (fn (n) -> (n, [n]), range (3_000))\nfold (fn (sum, (n, [m])) -> add (sum, n, m), xs, 0)\n",
  ]

  private static let panicking = [
    "fn broken (x) -> add (x, :key)\nbroken (1)\n",
    "fn picky { (1) -> 1 }\npicky (2)\n",
    "let f = :no\nf (1, 2)\n",
    "fn share (x, y) -> div (x, y)\nshare (share (6, 3), sub (2, share (4, 2)))\n",
    "fn share (x, y) -> div (x, y)\nshare (1, mult (-1, sub (1, 1)))\n",
    "fn share (x, y) -> div (x, y)\nshare (1, :key)\n",
    "let [a, b] = [1]\na\n",
  ]
}
