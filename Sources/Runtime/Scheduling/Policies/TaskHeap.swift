/// Tasks in the order of a key, the least first: a binary heap that grows. Equal keys leave in the order in which they came.
/// Not for several threads: what holds it has a lock.
@safe struct TaskHeap: ~Copyable {
  struct Entry {
    var key: Int64
    /// What the owner wants to know when the task leaves.
    var value: Int64
    var weight: UInt64
    var task: PolicyTask
    /// Set by `insert`.
    var order: UInt64 = 0

    func isBefore(_ other: Entry) -> Bool { key < other.key || (key == other.key && order < other.order) }
  }

  private var entries: UnsafeMutablePointer<Entry>
  private var capacity = 16
  private var inserted: UInt64 = 0
  private(set) var count = 0

  init() { unsafe entries = .allocate(capacity: 16) }
  deinit { unsafe entries.deallocate() }

  var first: Entry? { count == 0 ? nil : unsafe entries[0] }

  mutating func insert(_ entry: Entry) {
    if count == capacity { grow() }
    var entry = entry
    inserted &+= 1
    entry.order = inserted
    var hole = count
    count += 1
    while hole > 0, unsafe entry.isBefore(entries[(hole - 1) / 2]) {
      unsafe entries[hole] = entries[(hole - 1) / 2]
      hole = (hole - 1) / 2
    }
    unsafe entries[hole] = entry
  }

  mutating func popFirst() -> Entry? {
    guard count > 0 else { return nil }
    let first = unsafe entries[0]
    count -= 1
    if count > 0 { sink(unsafe entries[count]) }
    return first
  }

  /// Puts an entry where the first one was, and then down to its place.
  private mutating func sink(_ entry: Entry) {
    var hole = 0
    while true {
      var child = 2 * hole + 1
      if child >= count { break }
      if child + 1 < count, unsafe entries[child + 1].isBefore(entries[child]) { child += 1 }
      if unsafe !entries[child].isBefore(entry) { break }
      unsafe entries[hole] = entries[child]
      hole = child
    }
    unsafe entries[hole] = entry
  }

  private mutating func grow() {
    let more = UnsafeMutablePointer<Entry>.allocate(capacity: capacity * 2)
    unsafe more.moveInitialize(from: entries, count: count)
    unsafe entries.deallocate()
    unsafe entries = unsafe more
    capacity *= 2
  }
}
