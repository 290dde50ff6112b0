import Glibc

/// A thread of the system that is none of the VM's schedulers.
public enum Thread {
  /// Starts one; false: the system gave us none, and nothing runs. `stackSize` in bytes, 0 for the usual.
  @discardableResult
  public static func start(stackSize: Int = 0, _ work: @escaping @Sendable () -> Void) -> Bool {
    launch(stackSize: stackSize, work).map { pthread_detach($0) } != nil
  }

  /// One that somebody waits for, once.
  public struct Joinable: Sendable {
    fileprivate let id: pthread_t
    public func join() { pthread_join(id, nil) }
  }

  /// Starts one that `join` waits for; nil: the system gave us none, and nothing runs.
  public static func startJoinable(_ work: @escaping @Sendable () -> Void) -> Joinable? {
    launch(stackSize: 0, work).map(Joinable.init)
  }

  /// Lets others run for a while.
  public static func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }

  /// Runs `work` on a thread and waits until it has ended.
  static func runToEnd(stackSize: Int, _ work: @escaping @Sendable () -> Void) -> Bool {
    launch(stackSize: stackSize, work).map { Joinable(id: $0).join() } != nil
  }

  private static func launch(stackSize: Int, _ work: @escaping @Sendable () -> Void) -> pthread_t? {
    var attributes = pthread_attr_t()
    unsafe pthread_attr_init(&attributes)
    defer { unsafe pthread_attr_destroy(&attributes) }
    if stackSize > 0 { unsafe pthread_attr_setstacksize(&attributes, stackSize) }
    // SAFETY: the new thread takes the reference over; without a thread it is given back below.
    let handle = unsafe Unmanaged.passRetained(Work(work))
    var thread = pthread_t()
    let failure = unsafe pthread_create(&thread, &attributes, enter, handle.toOpaque())
    guard failure == 0 else {
      unsafe handle.release()
      return nil
    }
    return thread
  }
}

/// What a thread does: a class, so that a pointer to it fits through the C library.
private final class Work: Sendable {
  let action: @Sendable () -> Void
  init(_ action: @escaping @Sendable () -> Void) { self.action = action }
}

private func enter(_ handle: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let handle = unsafe handle { unsafe Unmanaged<Work>.fromOpaque(handle).takeRetainedValue().action() }
  return nil
}
