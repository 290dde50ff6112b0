import Words

/// Who sends to a long mailbox pays for it: in reductions, so that its slice ends sooner and the receiver gets its turn. Nobody
/// ever waits.
///
///     status   [ level:5 | where it is in its life:3 ]      level 0: nobody pays
///
/// The receiver says so, in the byte of its status, which it writes anyway: when it has taken in its inbox, and when its slice
/// is used up. A process that waits for messages is not behind, however many it keeps; so when it parks, the level goes.
/// Who has pushed a cell onto an inbox, and woke nobody by that, looks at that byte, in the line that it has just written.
///
/// P1  The level is 0, or that of the messages that the receiver had when it last looked: more than `limit`. Only who holds the
///     process writes it.
/// P2  Of one sender and one receiver that share a scheduler, the receiver has at most what a sender sends in a slice without
///     paying, and `limit`, or four slices' reductions by what it deals with in one, if that is more: at that length a slice
///     pays for no more messages than it takes. (Where it deals with fewer than eight a slice, `largestPrice` lets it grow.)
enum Pressure {
  /// Messages up to which nobody pays: a burst, or the answers of many, that are dealt with in a fraction of a slice.
  static let limit: UInt32 = 256
  /// The price is the mailbox's length through this (2^2), as a power of two: from 64 reductions on.
  private static let discount = 2
  /// At most 512 reductions (2^9), so that a sender gets through some eight messages a slice whatever it sends to.
  private static let largestPrice = 9
  private static let levelShift: UInt8 = 3

  /// The byte of a process's status that has so many messages.
  @inline(__always) static func status(_ status: ProcessStatus, messages: UInt32) -> UInt8 {
    messages > limit ? crowded(status, messages: messages) : status.rawValue
  }

  @inline(never) private static func crowded(_ status: ProcessStatus, messages: UInt32) -> UInt8 {
    status.rawValue | UInt8(31 - messages.leadingZeroBitCount) << levelShift
  }

  /// Whether a status has a level.
  @inline(__always) static func isHigh(_ status: UInt8) -> Bool { status >> levelShift != 0 }

  /// Reductions that a message to a process with this status costs more.
  static func price(_ status: UInt8) -> Int {
    isHigh(status) ? 1 << min(Int(status >> levelShift) - discount, largestPrice) : 0
  }

  /// What a process has sent has found the receiver behind. (Who sends to himself is the one who is to read it.)
  @inline(never) static func pay(_ process: Process, to receiver: Process) {
    if process == receiver { return }
    let price = unsafe price(receiver.block.pointee.status.load(ordering: .relaxed))
    process.charge(price)
    unsafe process.scheduler.pointee.fines.add(UInt64(price))
  }
}

extension ProcessStatus {
  /// Where a process is in its life, by the byte of its status; nil: no such thing.
  init?(of byte: UInt8) { self.init(rawValue: byte & 7) }
}

extension Process {
  /// Tells senders how long the mailbox is, while it runs.
  @inline(__always) func tellLength() {
    unsafe block.pointee.status.store(
      Pressure.status(.running, messages: block.pointee.messageCount), ordering: .relaxed)
  }
}
