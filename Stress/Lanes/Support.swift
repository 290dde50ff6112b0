// What the scenarios share: seeds, threads, the ledger of plain memory, the watchdog.

import CLinux
import Glibc
import Lanes
import Platform
import Synchronization

/// One thing to hammer. `run` plays one round and returns how many operations it did.
struct Scenario: Sendable {
  let name: String
  let run: @Sendable (_ seed: UInt64, _ threads: Int, _ fault: Fault) -> Int

  /// Rounds with growing seeds until the time is over or something fails; one round at least.
  func repeatFor(nanoseconds: UInt64, seed: UInt64, threads: Int) -> Report {
    let end = ludi_monotonic_nanoseconds() + nanoseconds
    let fault = Fault()
    var report = Report()
    repeat {
      report.operations += run(seed &+ UInt64(report.rounds), threads, fault)
      report.rounds += 1
      report.failure = fault.message
      Watchdog.beat()
    } while report.failure == nil && ludi_monotonic_nanoseconds() < end
    return report
  }
}

/// What came of a scenario.
struct Report {
  var rounds = 0
  var operations = 0
  var failure: String?
}

/// The first thing that went wrong, told by whichever thread saw it.
final class Fault: Sendable {
  private let first = Mutex<String?>(nil)
  private let isSet = Atomic<Bool>(false)

  /// Notes `message` unless something was noted before.
  func report(_ message: @autoclosure () -> String) {
    let text = message()
    first.withLock { if $0 == nil { $0 = text } }
    isSet.store(true, ordering: .relaxed)
  }
  func check(_ holds: Bool, _ message: @autoclosure () -> String) {
    if !holds { report(message()) }
  }
  /// Relaxed, so that looking does not synchronise the threads that look.
  var happened: Bool { isSet.load(ordering: .relaxed) }
  var message: String? { first.withLock { $0 } }
}

/// SplitMix64: small, and the same sequence for the same seed on every machine.
struct SplitMix: RandomNumberGenerator {
  var state: UInt64
  init(seed: UInt64, stream: Int = 0) { state = seed &+ UInt64(stream) &* 0xD1B5_4A32_D192_ED03 }
  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
  mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
}

/// A value at a fixed address that several threads may reach.
final class Shared<Value: ~Copyable>: @unchecked Sendable {
  // Sendable: only values that are themselves safe to use from many threads are put here.
  let value: Value
  init(_ value: consuming Value) { self.value = value }
}

/// Runs `body` on `count` threads of their own and waits for all of them. Plain pthreads: unlike a pool's
/// threads, the sanitizer knows what their start and end order.
func onThreads(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
  let threads = (0..<count).map { index in
    guard let thread = Thread.startJoinable({ body(index) }) else { fatalError("the system gave no thread") }
    return thread
  }
  for thread in threads { thread.join() }
}

/// Elements whose hand-over is checked through plain memory: `issue` writes a cell, `settle` reads and clears
/// it, in whichever thread the element arrives. An element that arrives twice or before its issue is seen by
/// its value; one whose hand-over was not ordered is seen by ThreadSanitizer.
@safe final class Ledger: @unchecked Sendable {
  // Sendable: that the cells are handed over properly is what is being tested.
  private let cells: UnsafeMutablePointer<UInt>
  let count: Int

  init(count: Int) {
    self.count = count
    unsafe cells = .allocate(capacity: count)
    unsafe cells.initialize(repeating: 0, count: count)
  }
  deinit { unsafe cells.deallocate() }

  /// Elements are 1 … count: 0 is no element.
  func issue(_ element: UInt) { unsafe cells[Int(element - 1)] = element &* 0x9E37_79B9 }

  func settle(_ element: UInt, _ fault: Fault) {
    guard element >= 1, element <= UInt(count) else { return fault.report("no such element: \(element)") }
    let cell = unsafe cells[Int(element - 1)]
    fault.check(cell == element &* 0x9E37_79B9, "element \(element) came twice or too early: \(cell)")
    unsafe cells[Int(element - 1)] = 0
  }

  /// After all threads have ended: nothing was lost.
  func checkAllSettled(_ fault: Fault) {
    for i in 0..<count where unsafe cells[i] != 0 { return fault.report("element \(i + 1) was lost") }
  }
}

/// Ends the program when nothing moves for a while: a lost wake-up shows as silence.
enum Watchdog {
  private static let beats = Atomic<Int>(0)
  private static let isOver = Atomic<Bool>(false)
  static let patienceSeconds = 30

  static func beat() { beats.wrappingAdd(1, ordering: .relaxed) }

  /// Nothing has to move any more: whatever else this program does may be silent.
  static func stop() { isOver.store(true, ordering: .relaxed) }

  static func start(_ reproLine: String) {
    Thread.start { watch(reproLine) }
  }

  private static func watch(_ reproLine: String) {
    while true {
      let before = beats.load(ordering: .relaxed)
      sleep(UInt32(patienceSeconds))
      if isOver.load(ordering: .relaxed) { return }
      if beats.load(ordering: .relaxed) == before {
        say("FAILED: nothing moved for \(patienceSeconds) s (a lost wake-up?)\n\(reproLine)")
        exit(1)
      }
    }
  }
}

/// Waits for `condition`: at first at full attention, so that two threads meet within nanoseconds, and then
/// letting others run, for small machines.
func wait(until condition: () -> Bool) {
  var turns = 0
  while !condition() {
    turns += 1
    if turns < 2000 { ludi_spin_hint() } else { sched_yield() }
  }
}

/// Does nothing for a random moment (up to some microseconds), so that threads meet at every distance.
func dawdle(_ random: inout SplitMix) {
  for _ in 0..<random.below(64) { ludi_spin_hint() }
}

/// Prints a line at once, so that it is seen even if the program is killed.
func say(_ line: String) {
  print(line)
  fflush(nil)
}
