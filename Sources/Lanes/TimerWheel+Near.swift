// TimerWheel+Near.swift owns the timers of the current tick: a 4-ary min-heap.
//
//   near   [ entry ] …     the children of i are 4i+1 … 4i+4

extension TimerWheel {
  mutating func putNear(_ entry: TimerEntry) {
    if nearCount == nearCapacity { growNear() }
    nearCount += 1
    siftUp(entry, from: nearCount - 1)
  }

  mutating func removeNear(at place: Int) {
    nearCount -= 1
    if place == nearCount { return }
    // The last entry fills the hole, and then moves to where it belongs: up or down.
    let moved = unsafe near[nearCount]
    if place > 0, moved.isBefore(unsafe near[(place - 1) / 4]) {
      siftUp(moved, from: place)
    } else {
      siftDown(moved, from: place)
    }
  }

  private mutating func set(_ entry: TimerEntry, at place: Int) {
    unsafe near[place] = entry
    slots.setPlace(UInt32(place), of: entry.slot)
  }

  private mutating func siftUp(_ entry: TimerEntry, from start: Int) {
    var hole = start
    while hole > 0 {
      let parent = (hole - 1) / 4
      let above = unsafe near[parent]
      if !entry.isBefore(above) { break }
      set(above, at: hole)
      hole = parent
    }
    set(entry, at: hole)
  }

  private mutating func siftDown(_ entry: TimerEntry, from start: Int) {
    var hole = start
    while let child = earliestChild(of: hole), unsafe near[child].isBefore(entry) {
      unsafe set(near[child], at: hole)
      hole = child
    }
    set(entry, at: hole)
  }

  private func earliestChild(of parent: Int) -> Int? {
    let start = 4 * parent + 1
    if start >= nearCount { return nil }
    var best = start
    for child in (start + 1)..<max(start + 1, min(start + 4, nearCount))
    where unsafe near[child].isBefore(near[best]) {
      best = child
    }
    return best
  }

  /// It never shrinks: 24 bytes for each of the most timers that were ever due within a tick.
  private mutating func growNear() {
    let bigger = UnsafeMutablePointer<TimerEntry>.allocate(capacity: 2 * nearCapacity)
    unsafe bigger.moveInitialize(from: near, count: nearCount)
    unsafe near.deallocate()
    unsafe near = unsafe bigger
    nearCapacity *= 2
  }
}
