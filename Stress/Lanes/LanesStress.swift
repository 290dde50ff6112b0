// lanes-stress: hammers every lock-free part of the VM with integers and raw nodes, until the time is over.
//
//     lanes-stress --seconds 10 --seed 42 --threads 4 [--only ring]
//
// Every scenario counts what goes in and out, and hands plain (not atomic) memory from thread to thread, so
// that ThreadSanitizer sees a race wherever an order is too weak.

import CLinux
import Glibc
import Lanes

@main
struct LanesStress {
  /// All scenarios; the tests of this room run each of them for a moment.
  static let scenarios: [Scenario] = [
    Scenario(name: "ring", run: RingScenario.round),
    Scenario(name: "deque", run: DequeScenario.round),
    Scenario(name: "slot", run: SlotScenario.round),
    Scenario(name: "inbox", run: InboxScenario.round),
    Scenario(name: "inject", run: InjectScenario.round),
    Scenario(name: "parker", run: ParkerScenario.round),
    Scenario(name: "event", run: EventScenario.round),
    Scenario(name: "idle", run: IdleScenario.round),
    Scenario(name: "lock", run: LockScenario.round),
    Scenario(name: "timers", run: TimerScenario.round),
    Scenario(name: "actors", run: ActorScenario.round),
  ]

  static func main() {
    if CommandLine.arguments.dropFirst() == ["--costs"] { return Costs.measure() }
    guard let options = Options(CommandLine.arguments.dropFirst()) else {
      say("usage: lanes-stress [--seconds N] [--seed S] [--threads T] [--only SCENARIO] | --costs")
      exit(2)
    }
    say(options.reproLine)
    Watchdog.start(options.reproLine)
    let chosen = scenarios.filter { options.only == nil || options.only == $0.name }
    let share = UInt64(Double(1_000_000_000) * options.seconds / Double(max(1, chosen.count)))
    for scenario in chosen {
      let report = scenario.repeatFor(nanoseconds: share, seed: options.seed, threads: options.threads)
      say("\(scenario.name): \(report.rounds) rounds, \(report.operations) operations")
      if let failure = report.failure {
        say("FAILED \(scenario.name): \(failure)\n\(options.reproLine) --only \(scenario.name)")
        exit(1)
      }
    }
  }
}

/// What the command line asks for.
struct Options {
  var seconds = 5.0
  var seed: UInt64 = ludi_monotonic_nanoseconds()
  var threads = 4
  var only: String?

  var reproLine: String { "lanes-stress --seed \(seed) --threads \(threads)" }

  init?(_ arguments: ArraySlice<String>) {
    var rest = arguments
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      switch name {
      case "--seconds": guard let v = Double(value) else { return nil }; seconds = v
      case "--seed": guard let v = UInt64(value) else { return nil }; seed = v
      case "--threads": guard let v = Int(value), v > 1 else { return nil }; threads = v
      case "--only": only = value
      default: return nil
      }
    }
  }
}
