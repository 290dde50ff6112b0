// runtime-stress: runs small storms of processes on a real VM, one after the other, until the time is over.
//
//     runtime-stress --seconds 10 --seed 42 --schedulers 4 [--only kills] [--policy fair_share|switching]
//
// Each round draws a program from the seed; its oracle is conservation (sent = received, every spawned process ends,
// every message arrives once and whole). Build it with --sanitize=thread to see races.

import Bytecode
import Glibc
import Ludus
import Prelude
import Runtime

@main
struct RuntimeStress {
  /// A round takes milliseconds; one that takes so long has lost a wake-up. The alarm ends the program (status 142).
  static let patienceSeconds: UInt32 = 60

  static func main() throws {
    guard let options = Options(CommandLine.arguments.dropFirst()) else {
      print("usage: runtime-stress [--seconds N] [--seed S] [--schedulers N] [--only STORM] [--policy NAME|all|switching]")
      exit(2)
    }
    let prelude = try ModuleFile.image(from: Prelude.moduleBytes(), isEmbedded: true)
    let storms = Storm.all.filter { options.only == nil || options.only == $0.name }
    guard !storms.isEmpty else {
      print("the storms are \(Storm.all.map(\.name).joined(separator: ", "))")
      exit(2)
    }
    say("runtime-stress --seed \(options.seed) --schedulers \(options.schedulers)")
    let end = now() + options.seconds
    var seed = options.seed
    var rounds = 0
    repeat {
      let storm = storms[rounds % storms.count]
      let repro = "--seconds 0 --seed \(seed) --schedulers \(options.schedulers) --only \(storm.name)"
      alarm(patienceSeconds)
      let policy = options.policy(in: rounds)
      if let failure = try run(storm, seed, prelude, options, policy) {
        say("FAILED \(storm.name): \(failure)\nruntime-stress \(repro)\(policy.option)")
        exit(1)
      }
      rounds += 1
      if rounds % storms.count == 0 { seed &+= 1 }
    } while now() < end
    say("\(rounds) rounds are sound")
  }

  /// Plays one round; what went wrong, or nil.
  private static func run(
    _ storm: Storm, _ seed: UInt64, _ prelude: CodeImage, _ asked: Options, _ policy: PolicyChoice
  ) throws -> String? {
    let signatures = PreludeSignatures(prelude)
    let source = Array((policy.prologue + storm.source(seed)).utf8)
    let checked = FrontEnd.check(
      bytes: source, fileName: storm.name, surroundings: .init(preludeNames: signatures.names))
    if checked.hasErrors {
      return DiagnosticRenderer(checked.script.file, colored: false).render(checked)
    }
    let image = try Compiler.compile(checked.script, name: storm.name, prelude: signatures)
    try Verifier.verify(image)
    var options = VMOptions()
    options.schedulers = asked.schedulers
    options.policy = policy.name
    options.waitsForAll = true
    let outcome = try VirtualMachine(prelude: prelude, options: options).run(image, showsValue: true)
    return outcome == .finished(shown: Storm.sound) ? nil : "it gave \(outcome)"
  }

  private static func now() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// Prints at once: what comes last before a crash matters most.
  private static func say(_ text: String) {
    print(text)
    fflush(nil)
  }
}

/// What the command line asks for.
struct Options {
  var seconds = 5.0
  var seed = UInt64.random(in: 0..<1_000_000_000)
  var schedulers = 4
  var only: String?
  private var policies: [PolicyChoice] = [.standard]

  /// The policy of a round.
  func policy(in round: Int) -> PolicyChoice { policies[round / Storm.all.count % policies.count] }

  init?(_ arguments: ArraySlice<String>) {
    var rest = arguments
    while let name = rest.popFirst() {
      guard let value = rest.popFirst() else { return nil }
      switch name {
      case "--seconds": seconds = Double(value) ?? seconds
      case "--seed": seed = UInt64(value) ?? seed
      case "--schedulers": schedulers = Int(value) ?? schedulers
      case "--only": only = value
      case "--policy":
        guard let choices = PolicyChoice.parse(value) else { return nil }
        policies = choices
      default: return nil
      }
    }
  }
}

/// Under which policy a storm is played.
enum PolicyChoice {
  case standard
  case named(PolicyName)
  /// One after the other, changed every few milliseconds by a process of the program.
  case switching

  static func parse(_ text: String) -> [PolicyChoice]? {
    switch text {
    case "all": PolicyName.allCases.map(PolicyChoice.named) + [.switching]
    case "switching": [.switching]
    default: PolicyName(text: text).map { [.named($0)] }
    }
  }

  var name: PolicyName? {
    if case .named(let name) = self { name } else { nil }
  }

  var option: String {
    switch self {
    case .standard: ""
    case .named(let name): " --policy \(name.rawValue)"
    case .switching: " --policy switching"
    }
  }

  /// What stands before a storm's source. The process that changes policies ends by itself, as a storm waits for all.
  var prologue: String {
    guard case .switching = self else { return "" }
    let names = PolicyName.allCases.map { ":\($0.rawValue)" }.joined(separator: ", ")
    return """
      let policies = [\(names)]
      fn change (i) -> if eq? (i, 40) then :done else {
        set_policy! (at (policies, mod (mult (i, 5), count (policies))))
        sleep! (mod (i, 4))
        change (inc (i))
      }
      spawn! (fn () -> change (0))

      """
  }
}
