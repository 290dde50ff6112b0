import Runtime

/// Looks for what must not last: schedulers that sleep beside work, processes that wait beside messages, and runnable
/// processes that do not get their turn. Nothing that it sees is wrong for a moment, so it looks again.
struct Watchdog {
  /// How long something may look wrong, in nanoseconds of the wall's clock: long, since the system may take a thread its
  /// processor at any moment.
  private static let patience: UInt64 = 2_000_000_000
  /// Slots of the process table that one look goes over.
  private static let slotsALook = 20_000
  /// How often it must have seen it.
  private static let sightings = 8

  private struct Sighting {
    var first: UInt64
    var count = 1
    var round: Int
  }

  /// How complaints begin that somebody got no turn.
  static let starvation = "starvation"

  private let starvationLimit: UInt64?
  private var sleepersBesideWork: (since: UInt64, parks: UInt64)?
  private var waiting: [UInt64: Sighting] = [:]
  private var stuck: [UInt64: Sighting] = [:]
  private var slot = 0
  private var round = 0

  init(starvationLimit: UInt64?) { self.starvationLimit = starvationLimit }

  /// What has been wrong for too long.
  mutating func look(at machine: VirtualMachine, now: UInt64) -> String? {
    let view = machine.schedulersView()
    return machine.auditComplaint ?? sleepers(view, now) ?? processes(machine, view, now) ?? starved(machine)
  }

  /// What is seen at the end, when no scheduler runs any more: also why the VM has found that nothing can go on.
  func lastLook(at machine: VirtualMachine) -> String? {
    if let complaint = machine.auditComplaint ?? starved(machine) { return complaint }
    let forgotten = machine.suspects(from: 0, limit: .max).found.first { $0.reason == .waitsBesideMessages }
    return forgotten.map(Watchdog.lostWakeUp)
  }

  private static func lostWakeUp(_ suspect: Suspect) -> String {
    "a lost wake-up: process \(suspect.pid) waits while messages lie in its inbox"
  }

  // MARK: Sleeping schedulers

  private mutating func sleepers(_ view: SchedulersView, _ now: UInt64) -> String? {
    guard view.sleeping > 0, view.searching == 0, view.isWorkQueued else {
      sleepersBesideWork = nil
      return nil
    }
    guard let seen = sleepersBesideWork, seen.parks == view.parks else {
      sleepersBesideWork = (now, view.parks)
      return nil
    }
    if now - seen.since < Watchdog.patience { return nil }
    return "\(view.sleeping) of \(view.count) schedulers sleep beside runnable processes"
  }

  // MARK: Processes

  private mutating func processes(
    _ machine: VirtualMachine, _ view: SchedulersView, _ now: UInt64
  ) -> String? {
    let (found, next) = machine.suspects(from: slot, limit: Watchdog.slotsALook)
    for suspect in found {
      if let complaint = judge(suspect, view, now) { return complaint }
    }
    slot = next ?? 0
    if next == nil {
      // Who was not seen again on this way through the table is fine.
      waiting = waiting.filter { $0.value.round == round }
      stuck = stuck.filter { $0.value.round == round }
      round += 1
    }
    return nil
  }

  private mutating func judge(_ suspect: Suspect, _ view: SchedulersView, _ now: UInt64) -> String? {
    switch suspect.reason {
    case .waitsBesideMessages:
      guard note(suspect.pid, in: &waiting, now) else { return nil }
      return Watchdog.lostWakeUp(suspect)
    case .waitsForTurn:
      if let limit = starvationLimit, suspect.busy > limit {
        return "\(Watchdog.starvation): process \(suspect.pid) is runnable and gets no turn, for "
          + "\(Duration.text(suspect.busy)) of busy time"
      }
      guard view.sleeping == view.count else {
        stuck[suspect.pid] = nil
        return nil
      }
      guard note(suspect.pid, in: &stuck, now) else { return nil }
      return "a lost wake-up: process \(suspect.pid) is runnable while all schedulers sleep"
    }
  }

  /// True: it has been seen too often for too long.
  private func note(_ pid: UInt64, in sightings: inout [UInt64: Sighting], _ now: UInt64) -> Bool {
    guard var sighting = sightings[pid] else {
      sightings[pid] = Sighting(first: now, round: round)
      return false
    }
    sighting.count += 1
    sighting.round = round
    sightings[pid] = sighting
    return now - sighting.first > Watchdog.patience && sighting.count > Watchdog.sightings
  }

  private func starved(_ machine: VirtualMachine) -> String? {
    guard let limit = starvationLimit, let wait = machine.longestWait, wait.nanoseconds > limit else {
      return nil
    }
    return "\(Watchdog.starvation): process \(wait.pid) was runnable and waited for its turn for "
      + "\(Duration.text(wait.nanoseconds)) of busy time, in \(wait.places.joined(separator: ", called by "))"
  }
}
