import Glibc

/// What happens when the user interrupts the program (SIGINT).
public enum Interrupt {
  /// From now on an interruption runs `action` and then ends the program with `status`, without running
  /// anything at exit: schedulers may be in the midst of anything. Call before other threads start, so that
  /// the signal stays blocked in all of them and a thread of its own can wait for it.
  /// A program that was started with interruptions ignored (`nohup`, `&` in a script) goes on ignoring them.
  public static func ends(withStatus status: Int32, after action: @escaping @Sendable () -> Void) {
    var current = sigaction()
    guard unsafe sigaction(SIGINT, nil, &current) == 0,
      unsafe current.__sigaction_handler.sa_handler == nil  // SIG_DFL
    else { return }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGINT)
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    let wait: @Sendable () -> Void = {
      var waited = sigset_t()
      unsafe sigemptyset(&waited)
      unsafe sigaddset(&waited, SIGINT)
      var received: Int32 = 0
      while unsafe sigwait(&waited, &received) != 0 {}
      action()
      _exit(status)
    }
    Thread.start(wait)
  }
}
