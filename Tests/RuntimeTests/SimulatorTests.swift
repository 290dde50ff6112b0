import Bytecode
import Ludus
import XCTest

@testable import Runtime

/// Programs and made-up work in virtual time.
final class SimulatorTests: XCTestCase {
  private func play(
    _ source: String, schedulers: Int, policy: PolicyName? = nil, seed: UInt64 = 1
  ) throws -> (shown: String?, report: SimulationReport) {
    var options = VMOptions()
    options.schedulers = schedulers
    options.policy = policy
    let run = try Evaluation.play(source, options, seed: seed)
    guard case .finished(let text) = run.outcome else { return (nil, run.report) }
    return (text, run.report)
  }

  private let gathering = """
    let home = self ()
    fn work (i) -> { sleep! (mod (i, 5)); send (home, (i, random_int (1000))) }
    each! (fn (i) -> spawn! (fn () -> work (i)), range (40))
    fn gather (n) -> if zero? (n) then [] else { let x = receive { y -> y }; prepend (gather (dec (n)), x) }
    gather (40)

    """

  func testTheSameSeedGivesTheSameRun() throws {
    for policy in [PolicyName.workStealing, .fairShare, .affinity] {
      let first = try play(gathering, schedulers: 7, policy: policy, seed: 5)
      let second = try play(gathering, schedulers: 7, policy: policy, seed: 5)
      let other = try play(gathering, schedulers: 7, policy: policy, seed: 6)
      XCTAssertNotNil(first.shown)
      XCTAssertEqual(first.shown, second.shown, policy.rawValue)
      XCTAssertEqual(first.report.trace, second.report.trace, policy.rawValue)
      XCTAssertEqual(first.report.statistics, second.report.statistics, policy.rawValue)
      XCTAssertNotEqual(first.shown, other.shown, policy.rawValue)
    }
  }

  func testSleepTakesVirtualTimeOnly() throws {
    let began = Date()
    let run = try play(
      "let a = monotonic! ()\nsleep! (3_600_000)\nlet b = sub (monotonic! (), a)\nbetween? (3_600_000, b, 3_600_010)\n",
      schedulers: 3)
    XCTAssertEqual(run.shown, "true")
    XCTAssertLessThan(Date().timeIntervalSince(began), 600, "an hour took an hour")
  }

  func testTheProgramMayChangeThePolicy() throws {
    let run = try play("set_policy! (:fair_share)\n" + gathering, schedulers: 4)
    XCTAssertNotNil(run.shown)
    XCTAssertEqual(run.report.statistics.policy, .fairShare)
  }

  func testADeadlockIsToldInVirtualTimeToo() throws {
    XCTAssertNil(try play("receive { :never -> 1 }\n", schedulers: 2).shown)
  }

  // MARK: Made-up work

  func testMoreSchedulersDoMoreOfIt() {
    var load = SyntheticWorkload()
    load.nodes = 100
    load.tokens = 100
    load.messages = 1000
    load.reductions = 2000
    for policy in PolicyName.allCases {
      let one = load.simulate(schedulers: 1, policy: policy, seed: 3).statistics.end
      let eight = load.simulate(schedulers: 8, policy: policy, seed: 3).statistics.end
      XCTAssertGreaterThan(Double(one) / Double(eight), 5, policy.rawValue)
    }
  }

  func testHogsShareFairly() {
    var load = SyntheticWorkload()
    load.hogs = 8
    load.milliseconds = 50
    for policy in PolicyName.allCases {
      let result = load.simulate(schedulers: 2, policy: policy, seed: 1)
      XCTAssertGreaterThan(result.fairness, 0.98, policy.rawValue)
    }
  }

  /// Requests come from outside, so that a thousand schedulers can have as much to do as one.
  func testArrivalsLoadAThousandSchedulers() {
    for schedulers in [1, 1024] {
      var load = SyntheticWorkload()
      load.reductions = 5000
      let costs = CostModel()
      // Half of what the schedulers could do.
      load.arrivals = 0.5 * Double(schedulers) / (Double(load.reductions) * costs.reduction * 1e-9)
      load.milliseconds = schedulers == 1 ? 200 : 0.5
      let result = load.simulate(schedulers: schedulers, policy: .workStealing, seed: 9)
      let expected = load.arrivals * load.milliseconds / 1000
      XCTAssertEqual(Double(result.responses.count), expected, accuracy: 0.15 * expected, "\(schedulers)")
      let busy = result.statistics.workers.reduce(0) { $0 + $1.busy }
      let share = Double(busy) / Double(result.statistics.end) / Double(schedulers)
      XCTAssertGreaterThan(share, 0.4, "\(schedulers)")
    }
  }

  /// Who spawns a process and waits for its answer, again and again, has work for one scheduler: the other sleeps.
  func testOneAfterTheOtherWakesNoOtherScheduler() throws {
    let run = try play(
      """
      fn answers (n) -> if zero? (n) then :over else {
        let home = self ()
        spawn! (fn () -> send (home, (:reply, n)))
        receive { (:reply, m) -> answers (sub (m, 1)) }
      }
      answers (2_000)

      """, schedulers: 2)
    XCTAssertEqual(run.shown, ":over")
    XCTAssertEqual(run.report.statistics.migrations, 0)
    XCTAssertLessThan(run.report.statistics.workers.reduce(0) { $0 + $1.parks }, 5)
  }

  /// A process that was spawned by one that goes on computing runs beside it, a slice later.
  func testWhoComputesHasItsOnlyChildRunBesideIt() throws {
    let program = """
      fn spin (n) -> if zero? (n) then :over else spin (sub (n, 1))
      let child = spawn! (fn () -> spin (50_000))
      spin (50_000)
      await! (child)

      """
    let one = try play(program, schedulers: 1)
    let two = try play(program, schedulers: 2)
    XCTAssertEqual(two.shown, "(:ok, :over)")
    XCTAssertLessThan(Double(two.report.statistics.end), 0.65 * Double(one.report.statistics.end))
  }

  /// Who wakes another and goes on computing does not keep it from a scheduler that has nothing to do: else the front desk
  /// would wait in the wake slot of whoever sends guests to it, and the host for the front desk.
  func testWhoIsWokenByOneThatComputesRunsElsewhere() throws {
    let program = """
      fn spin (n) -> if zero? (n) then :over else spin (sub (n, 1))
      fn guest () -> receive { :served -> :over }
      fn guests (n, desk) -> if zero? (n) then :over else {
        send (desk, (:guest, spawn! (guest)))
        spin (2_000)
        guests (sub (n, 1), desk)
      }
      fn desk (host, waiting, is_busy) -> receive {
        (:guest, who) -> if is_busy
          then desk (host, append (waiting, who), true)
          else { send (host, (who, self ())); desk (host, waiting, true) }
        :next -> match waiting with {
          [] -> desk (host, [], false)
          [who, ...others] -> { send (host, (who, self ())); desk (host, others, true) }
        }
      }
      fn host (left, home) -> if zero? (left) then send (home, :closed) else receive {
        (who, desk) -> { spin (2_000); send (who, :served); send (desk, :next); host (sub (left, 1), home) }
      }
      let home = self ()
      let last = spawn! (fn () -> host (1_000, home))
      guests (1_000, spawn! (fn () -> desk (last, [], false)))
      receive { :closed -> :over }

      """
    let one = try play(program, schedulers: 1)
    let two = try play(program, schedulers: 2)
    XCTAssertEqual(one.shown, ":over")
    XCTAssertEqual(two.shown, ":over")
    XCTAssertLessThan(two.report.statistics.end, one.report.statistics.end)
  }

  /// Who sends to one that is slower, on the same scheduler, pays for its long mailbox: so the receiver never falls more than
  /// some slice's messages behind, though it takes 0.3 µs for each and 20,000 are sent.
  func testASenderDoesNotOutrunASlowReceiver() throws {
    let program = """
      fn spin (n) -> if zero? (n) then :over else spin (sub (n, 1))
      fn flood (n, to) -> if zero? (n) then send (to, :end) else { send (to, monotonic! ()); flood (sub (n, 1), to) }
      fn serve (worst) -> receive {
        :end -> worst
        sent -> { spin (100); serve (max (worst, sub (monotonic! (), sent))) }
      }
      let home = self ()
      spawn! (fn () -> flood (20_000, home))
      serve (0)

      """
    for policy in PolicyName.allCases {
      let run = try play(program, schedulers: 1, policy: policy)
      guard let worst = run.shown.flatMap(Double.init) else { return XCTFail(policy.rawValue) }
      XCTAssertGreaterThan(worst, 0)
      XCTAssertLessThan(worst, 0.8, policy.rawValue)
    }
  }

  /// A flood passes between two caches if there are two schedulers, and costs more then.
  func testMessagesBetweenSchedulersCostMore() throws {
    let flood = """
      let home = self ()
      fn flood (n) -> if zero? (n) then send (home, :end) else { send (home, n); flood (sub (n, 1)) }
      fn total (n) -> receive { :end -> n; x -> total (add (n, 1)) }
      spawn! (fn () -> flood (30_000))
      total (0)

      """
    let one = try play(flood, schedulers: 1)
    let two = try play(flood, schedulers: 2)
    XCTAssertEqual(one.shown, "30000")
    XCTAssertEqual(two.shown, "30000")
    XCTAssertGreaterThan(two.report.statistics.end, one.report.statistics.end)
  }

  /// What code is made of is read off its instructions, whether it loops or calls another procedure for that.
  func testDivisionsCostMore() throws {
    let costs = CostModel()
    func nanoseconds(_ program: String) throws -> Double {
      let run = try play(program, schedulers: 1)
      return Double(run.report.statistics.end) / Double(run.report.statistics.reductions)
    }
    let plain = try nanoseconds(
      "fn spin (n, x) -> if zero? (n) then x else spin (sub (n, 1), add (x, 7))\nspin (100_000, 0)\n")
    let divides = try nanoseconds(
      "fn spin (n, x) -> if zero? (n) then x else spin (sub (n, 1), mod (add (x, 7), 9))\nspin (100_000, 0)\n"
    )
    XCTAssertEqual(plain, costs.reduction, accuracy: 0.1)
    XCTAssertEqual(divides, costs.reduction + costs.division, accuracy: 0.3)
    let everySecond = try nanoseconds(
      "fn step (x) -> mod (x, 9)\nfn spin (n, x) -> if zero? (n) then x else spin (sub (n, 1), step (x))\n"
        + "spin (100_000, 0)\n")
    XCTAssertEqual(everySecond, costs.reduction + costs.division / 2, accuracy: 0.1 * costs.division)
  }

  /// What a receiver takes out of its inbox in the midst of a slice is charged, and the instruction that looked there keeps to it.
  func testLookingForMessagesIsCharged() throws {
    func reductions(_ name: String) throws -> Int {
      let program = """
        fn fill (left) -> if zero? (left) then :ok else { send (self (), left); fill (dec (left)) }
        fn take (left) -> if zero? (left) then :ok else { receive { x -> x }; take (dec (left)) }
        fn idle (left) -> if zero? (left) then :ok else { self (); idle (dec (left)) }
        fn rounds (left) -> if zero? (left) then :ok else { fill (40); \(name) (40); rounds (dec (left)) }
        rounds (200)
        """
      return Int(try play(program, schedulers: 1).report.statistics.reductions)
    }
    XCTAssertGreaterThan(try reductions("take"), try reductions("idle") + 500)
  }

  func testAThousandSchedulers() {
    var load = SyntheticWorkload()
    load.arrivals = 1_000_000
    load.reductions = 1000
    load.milliseconds = 2
    let result = load.simulate(schedulers: 1024, policy: .workStealing, seed: 1)
    XCTAssertGreaterThan(result.responses.count, 1500)
    XCTAssertEqual(result, load.simulate(schedulers: 1024, policy: .workStealing, seed: 1))
  }
}
