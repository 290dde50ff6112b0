import CLinux

/// How long the calling thread's turns on a processor are where other threads of the system want the same processor.
///
/// A thread that asks for shorter turns gets no more of the processor than before, but gets it back sooner: Linux runs the
/// one with the earliest virtual deadline, and that lies one turn ahead (EEVDF: Stoica and Abdel-Wahab, 1995; Linux 6.12). Older
/// kernels, and threads with real-time priority, ignore the wish.
public enum Turns {
  /// The shortest that the kernel gives, in nanoseconds.
  public static let shortest: UInt64 = 100_000

  /// In nanoseconds; nil: the kernel does not tell.
  public static var length: UInt64? {
    let length = ludi_turn_nanoseconds()
    return length == 0 ? nil : length
  }

  /// For a thread on which others depend.
  public static func beShort() { _ = ludi_ask_for_turns(shortest) }

  /// For a thread that computes for long; one that is started has those of the thread that starts it.
  public static func beUsual() { _ = ludi_ask_for_turns(0) }
}
