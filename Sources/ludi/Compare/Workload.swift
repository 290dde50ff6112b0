/// What designs are compared with: a Ludus program, or work that the simulator makes up.
///
/// A program checks its own answer, and prints lines of words: `operations N`, `milliseconds T`, `answer X`; perhaps figures
/// (`jain 0.99`), values of a series (`sample SERIES VALUE`) and points of one (`point SERIES SIZE MICROSECONDS`).
struct Workload: Sendable {
  /// Its file's name without `.ld`.
  let name: String
  let title: String
  /// What an operation is, in the plural.
  let unit: String
  let explanation: String
  /// The program's arguments, for a measurement and for `--quick`.
  var arguments: [String] = []
  var quickArguments: [String] = []
  /// For a measurement in the simulator, where time does not have to be long; nil: as on threads.
  var simulatedArguments: [String]?
  /// Ludus; empty where the simulator makes the work up.
  var source: [UInt8] = []
  /// Arguments of `ludi simulate` for so many virtual schedulers; nil: it is a program.
  var load: (@Sendable (_ schedulers: Int, _ isQuick: Bool) -> [String])?
  /// What it is there to show.
  var aspects: [String] = []
  /// On how many virtual schedulers at most it is simulated. Programs: with more, most of them are idle and look for work
  /// all the time, which takes minutes and tells nothing.
  var largest = 256

  var isProgram: Bool { load == nil }
}
