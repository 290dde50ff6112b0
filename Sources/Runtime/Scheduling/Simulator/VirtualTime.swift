/// Workers in the order of the times at which something happens to them. Equal times are in the order of their numbers, so
/// that the same seed gives the same run.
struct VirtualAgenda {
  private struct Entry {
    var time: UInt64
    var worker: Int
    var ticket: UInt64
    func isBefore(_ other: Entry) -> Bool {
      time != other.time ? time < other.time : (worker, ticket) < (other.worker, other.ticket)
    }
  }

  private var heap: [Entry] = []
  /// The ticket of each worker's valid entry; older ones are dropped when they come up.
  private var tickets: [UInt64]

  init(workers: Int) { tickets = Array(repeating: 0, count: workers) }

  /// The worker's next event is at `time`, whatever was planned before.
  mutating func plan(_ worker: Int, at time: UInt64) {
    tickets[worker] += 1
    heap.append(Entry(time: time, worker: worker, ticket: tickets[worker]))
    var hole = heap.count - 1
    while hole > 0, heap[hole].isBefore(heap[(hole - 1) / 2]) {
      heap.swapAt(hole, (hole - 1) / 2)
      hole = (hole - 1) / 2
    }
  }

  /// Nothing is planned for the worker.
  mutating func cancel(_ worker: Int) { tickets[worker] += 1 }

  mutating func next() -> (time: UInt64, worker: Int)? {
    while let first = heap.first {
      removeFirst()
      if tickets[first.worker] == first.ticket { return (first.time, first.worker) }
    }
    return nil
  }

  private mutating func removeFirst() {
    let last = heap.removeLast()
    if heap.isEmpty { return }
    heap[0] = last
    var hole = 0
    while true {
      var least = hole
      for child in [2 * hole + 1, 2 * hole + 2] where child < heap.count && heap[child].isBefore(heap[least])
      {
        least = child
      }
      if least == hole { return }
      heap.swapAt(hole, least)
      hole = least
    }
  }
}
