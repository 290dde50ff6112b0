/// A queue of tasks, first in first out, that grows. Not for several threads: what holds it has a lock.
@safe struct TaskFifo: ~Copyable {
  private var slots: UnsafeMutablePointer<Entry>
  private var mask: Int
  private var head = 0
  private(set) var count = 0

  struct Entry {
    var task: PolicyTask
    /// When it began to wait, in nanoseconds, where that matters.
    var since: UInt64
  }

  init() {
    mask = 15
    unsafe slots = .allocate(capacity: 16)
  }

  deinit { unsafe slots.deallocate() }

  var first: Entry? { count == 0 ? nil : unsafe slots[head] }

  mutating func append(_ task: PolicyTask, since: UInt64 = 0) {
    if count > mask { grow() }
    unsafe slots[(head + count) & mask] = Entry(task: task, since: since)
    count += 1
  }

  mutating func popFirst() -> PolicyTask? {
    guard count > 0 else { return nil }
    let task = unsafe slots[head].task
    head = (head + 1) & mask
    count -= 1
    return task
  }

  /// Takes the one that came last.
  mutating func popLast() -> Entry? {
    guard count > 0 else { return nil }
    count -= 1
    return unsafe slots[(head + count) & mask]
  }

  private mutating func grow() {
    let capacity = (mask + 1) * 2
    let more = UnsafeMutablePointer<Entry>.allocate(capacity: capacity)
    for i in 0..<count { unsafe more[i] = slots[(head + i) & mask] }
    unsafe slots.deallocate()
    unsafe slots = unsafe more
    mask = capacity - 1
    head = 0
  }
}
