import Foundation
import Ludus
import Memory
import Synchronization
import XCTest

@testable import Bytecode
@testable import Runtime

/// Processes that wait for long give back what they do not use, and notice nothing of it.
final class HibernationTests: XCTestCase {
  private func machine(_ restInterval: UInt64) throws -> VirtualMachine {
    var options = VMOptions()
    options.schedulers = 2
    options.restInterval = restInterval
    return try VirtualMachine(prelude: Evaluation.prelude(), options: options)
  }

  private func run(_ source: String, on machine: VirtualMachine) throws -> RunOutcome {
    let signatures = PreludeSignatures(try Evaluation.prelude())
    let checked = FrontEnd.check(
      bytes: Array(source.utf8), fileName: "test", surroundings: .init(preludeNames: signatures.names))
    XCTAssertFalse(checked.hasErrors, "\(checked.diagnostics)")
    let image = try Compiler.compile(checked.script, name: "test", prelude: signatures)
    return try machine.run(image, showsValue: true)
  }

  /// Words of blocks and chunks of all processes that wait.
  private func wordsOfWaiting(_ machine: VirtualMachine) -> Int {
    var words = 0
    unsafe machine.shared.state.pointee.table.forEach { process in
      let block = unsafe process.block
      guard unsafe block.pointee.status.load(ordering: .relaxed) == ProcessStatus.waiting.rawValue else {
        return
      }
      words += unsafe Int(block.pointee.heap.end - block.pointee.heap.base) / 8
      words += unsafe block.pointee.heap.chunkWords + block.pointee.heap.oldWords
    }
    return words
  }

  /// Workers fill their heaps, keep a little, wait, and once there is a file of that name answer from what they kept.
  private func program(_ file: String) -> String {
    """
    fn worker (n, kept) -> receive {
      (:fill, from) -> {
        let xs = map (inc, range (3_000))
        send (from, :filled)
        worker (n, [n, count (xs), "kept {n}"])
      }
      (:ask, from) -> { send (from, (n, kept)); worker (n, kept) }
    }
    fn wait () -> if ok? (read_file! ("\(file)")) then :ok else { sleep! (20); wait () }
    let pids = map (fn (n) -> spawn! (fn () -> worker (n, nil)), range (40))
    each! (fn (pid) -> send (pid, (:fill, self ())), pids)
    repeat 40 { receive { :filled -> :ok } }
    wait ()
    each! (fn (pid) -> send (pid, (:ask, self ())), pids)
    fold (fn (sum, _) -> receive { (n, [m, 3_000, s]) if eq? (s, "kept {n}") -> add (sum, n, m) }, pids, 0)
    """
  }

  /// What large blocks keep for nothing is given back by a collector thread as soon as a scheduler has seen it, not with the next
  /// look of the thread that runs every few seconds.
  func testLargeBlocksAreTidiedWhileProgramsRun() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "ludi-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let pool = Pool()
    let words = 1 << 22
    HeapBlock.free(HeapBlock.allocate(words: words, pool: pool), words: words, pool: pool)
    XCTAssertTrue(LargeBlocks.isUntidy)
    let wasTidied = Atomic<Bool>(false)
    let isOver = DispatchSemaphore(value: 0)
    Thread.detachNewThread {
      // Not for ever: a machine that does not tidy fails below.
      for _ in 0..<60_000 where LargeBlocks.isUntidy { usleep(1000) }
      wasTidied.store(!LargeBlocks.isUntidy, ordering: .relaxed)
      try? Data().write(to: file)
      isOver.signal()
    }
    let program = """
      fn wait () -> if ok? (read_file! ("\(file.path)")) then :ok else {
        spawn! (fn () -> count (map (inc, range (20_000))))
        sleep! (20)
        wait ()
      }
      wait ()
      """
    XCTAssertEqual(try run(program, on: machine(UInt64.max / 4)), .finished(shown: ":ok"))
    isOver.wait()
    XCTAssertTrue(wasTidied.load(ordering: .relaxed))
  }

  func testWaitingProcessesShrinkAndKeepWhatTheyHold() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "ludi-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: file) }
    let resting = try machine(20_000_000)
    Thread.detachNewThread {
      // Not for ever: a machine that does not hibernate fails below.
      for _ in 0..<60_000 where resting.hibernations < 40 { usleep(1000) }
      try? Data().write(to: file)
    }
    XCTAssertEqual(try run(program(file.path), on: resting), .finished(shown: "1560"))
    let restless = try machine(UInt64.max / 4)
    XCTAssertEqual(try run(program(file.path), on: restless), .finished(shown: "1560"))
    XCTAssertEqual(restless.hibernations, 0)
    XCTAssertLessThan(wordsOfWaiting(resting) * 4, wordsOfWaiting(restless))
  }

  /// A process that is held while its timer fires or a message comes wakes all the same: else this would not end.
  func testNobodySleepsTooLong() throws {
    let program = """
      fn ticker (n, xs) -> if zero? (n) then count (xs) else { sleep! (1); ticker (dec (n), append (xs, n)) }
      fn echo () -> receive { (from, x) -> { send (from, x); echo () } }
      fn ask (pid, n, sum) -> if zero? (n) then sum else {
        send (pid, (self (), n))
        ask (pid, dec (n), receive { m -> add (sum, m) })
      }
      let tickers = map (fn (_) -> spawn! (fn () -> ticker (300, [])), range (20))
      let echos = map (fn (_) -> spawn! (echo), range (20))
      let askers = map (fn (pid) -> spawn! (fn () -> ask (pid, 2_000, 0)), echos)
      fn all (pids, result) -> count (filter (fn (pid) -> eq? (await! (pid), (:ok, result)), pids))
      (all (tickers, 300), all (askers, 2_001_000))
      """
    let machine = try machine(100_000)
    XCTAssertEqual(try run(program, on: machine), .finished(shown: "(20, 20)"))
  }

  /// What its timer found held wakes when it is given back; what waits on is parked again.
  func testTimerThatFoundAHeldProcessIsNotLost() {
    let world = World()
    let hibernation = unsafe Hibernation(world.shared, interval: 1)
    for (deadline, isAwake) in [(0, false), (1, true), (UInt64.max, false)] {
      let process = world.spawn()
      unsafe process.block.pointee.deadline = deadline
      unsafe process.block.pointee.status.store(ProcessStatus.waiting.rawValue, ordering: .relaxed)
      XCTAssertTrue(unsafe process.block.pointee.inbox.tryPark())
      hibernation.visit(process, 0)
      XCTAssertEqual(unsafe process.block.pointee.inbox.isParked, !isAwake)
      let queued = unsafe world.shared.pointee.stealing.inject.pop()
      XCTAssertEqual(queued, isAwake ? process.address : nil)
    }
  }

  /// Looks do not hide a deadlock.
  func testDeadlockIsStillFound() throws {
    let machine = try machine(100_000)
    XCTAssertEqual(try run("receive { :never -> 1 }", on: machine), .failed)
  }
}
