/// Where a VM's objects live.
public enum HeapMode: String, CaseIterable, Sendable {
  /// Each process has a heap of its own; messages are copied, large values are shared.
  case `private`
  /// All share one heap that Boehm's collector manages; messages pass by reference.
  case single
}
