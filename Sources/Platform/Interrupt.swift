import Glibc
import Synchronization

/// What happens when the user interrupts the program (SIGINT).
public enum Interrupt {
  /// From now on an interruption runs `action` and then ends the program with `status`, without running
  /// anything at exit: schedulers may be in the midst of anything. Call before other threads start, so that
  /// the signal stays blocked in all of them and a thread of its own can wait for it.
  /// A program that was started with interruptions ignored (`nohup`, `&` in a script) goes on ignoring them.
  public static func ends(withStatus status: Int32, after action: @escaping @Sendable () -> Void) {
    guard blockSignal() else { return }
    Thread.start {
      awaitInterrupt(seconds: nil)
      // The action may wait for a lock that a blocked writer holds: a moment, or another interruption, ends that.
      Thread.start {
        action()
        _exit(status)
      }
      awaitInterrupt(seconds: 1)
      _exit(status)
    }
  }

  /// Blocks the signal in this thread, and so in all that it starts from now on. False: the program is to ignore
  /// interruptions.
  private static func blockSignal() -> Bool {
    var current = sigaction()
    guard unsafe sigaction(SIGINT, nil, &current) == 0,
      unsafe current.__sigaction_handler.sa_handler == nil  // SIG_DFL
    else { return false }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    return true
  }

  /// From now on interruptions are only noted (`wasRequested`), however many there are, so that work can be brought to an
  /// end and what has come of it be kept. Then `letEnd` should be called.
  public static func listen() {
    guard blockSignal() else { return }
    Thread.start {
      while true {
        awaitInterrupt(seconds: nil)
        requested.store(true, ordering: .relaxed)
        farewell.withLock { if let text = $0 { exit(saying: text) } }
      }
    }
  }

  /// What matters has been kept: from now on an interruption ends the program at once, with status 130, and a word to the
  /// user. Those that have come before do not.
  public static func letEnd(saying text: String) { farewell.withLock { $0 = text } }

  private static func exit(saying text: String) -> Never {
    Terminal.complain(text)
    _exit(130)
  }

  /// What to say at the end; nil: it must not come yet.
  private static let farewell = Mutex<String?>(nil)

  /// Whether there has been an interruption since `listen`.
  public static var wasRequested: Bool { requested.load(ordering: .relaxed) }

  /// Waits until there has been one, at most so long.
  public static func awaitRequest(milliseconds: Int) {
    for _ in 0..<milliseconds where !wasRequested { usleep(1000) }
  }

  private static let requested = Atomic<Bool>(false)

  /// Waits for the signal, which is blocked in all threads.
  private static func awaitInterrupt(seconds: Int?) {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    guard let seconds else {
      while unsafe sigwaitinfo(&signals, nil) < 0 {}
      return
    }
    var limit = timespec(tv_sec: seconds, tv_nsec: 0)
    _ = unsafe sigtimedwait(&signals, nil, &limit)
  }
}
