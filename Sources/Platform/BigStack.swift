/// Runs work that recurses as deep as its input is nested, on a thread whose stack is large enough for that.
public enum BigStack {
  /// Bytes of addresses: pages that are never touched cost nothing. The front end limits how deep it goes, so
  /// this is for its limit, not for whatever the input says.
  static var size: Int { 256 << 20 }

  /// Runs `work` on such a thread and waits for it; on this thread, if the system gives us none.
  public static func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) -> Value {
    let slot = Slot<Value>()
    if Thread.runToEnd(stackSize: size, { slot.value = work() }), let value = slot.value { return value }
    return work()
  }

  /// `@unchecked Sendable`: only the thread writes, and only the one who joined it reads.
  private final class Slot<Value: Sendable>: @unchecked Sendable {
    var value: Value?
  }
}
