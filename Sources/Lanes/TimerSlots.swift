// TimerSlots.swift owns the names of running timers: where each of them lies, and which of its tenants a slot has.
//
//   slabs ─► [ 4096 slots ] [ 4096 slots ] …     made when needed, never moved: growing takes no long step
//   slot     [ place:32 │ generation:32 ]        of a free slot, `place` is the next free one

import CLinux

/// - T3 A slot's generation changes whenever its timer ends, so that an old handle cancels nothing.
@safe struct TimerSlots: ~Copyable {
  struct Slot {
    var place: UInt32
    var generation: UInt32
  }

  private static let slabSize = 4096
  private static let noSlot = UInt32.max

  private var slabs: UnsafeMutablePointer<UnsafeMutablePointer<Slot>>
  private var slabCapacity = 4
  /// Slots that were ever used, and the first free one of these.
  private var made = 0
  private var free = TimerSlots.noSlot

  init() { unsafe slabs = .allocate(capacity: slabCapacity) }

  deinit {
    for i in 0..<(made + TimerSlots.slabSize - 1) / TimerSlots.slabSize { unsafe slabs[i].deallocate() }
    unsafe slabs.deallocate()
  }

  private func slot(_ index: Int) -> UnsafeMutablePointer<Slot> {
    let index = UInt(bitPattern: index)
    return unsafe slabs[Int(bitPattern: index / UInt(TimerSlots.slabSize))]
      + Int(bitPattern: index % UInt(TimerSlots.slabSize))
  }

  /// A slot for a timer that starts; it has no place yet.
  mutating func take() -> TimerHandle {
    if free == TimerSlots.noSlot { return makeSlot() }
    let index = free
    let slot = unsafe self.slot(Int(index))
    unsafe free = slot.pointee.place
    return unsafe TimerHandle(slot: index, generation: slot.pointee.generation)
  }

  private mutating func makeSlot() -> TimerHandle {
    let index = made
    precondition(index < Int(UInt32.max), "more timers than a handle can name")
    if index % TimerSlots.slabSize == 0 { addSlab() }
    made += 1
    unsafe slot(index).initialize(to: Slot(place: 0, generation: 1))
    return TimerHandle(slot: UInt32(index), generation: 1)
  }

  private mutating func addSlab() {
    let count = made / TimerSlots.slabSize
    if count == slabCapacity {
      let bigger = UnsafeMutablePointer<UnsafeMutablePointer<Slot>>.allocate(capacity: 2 * slabCapacity)
      unsafe bigger.moveInitialize(from: slabs, count: slabCapacity)
      unsafe slabs.deallocate()
      unsafe slabs = unsafe bigger
      slabCapacity *= 2
    }
    unsafe (slabs + count).initialize(to: .allocate(capacity: TimerSlots.slabSize))
  }

  /// Ends the tenancy of a slot.
  mutating func giveBack(_ index: UInt32) {
    let slot = unsafe self.slot(Int(index))
    unsafe slot.pointee.generation &+= 1
    unsafe slot.pointee.place = free
    free = index
  }

  /// It will be written soon.
  func expect(_ index: UInt32) { unsafe ludi_prefetch(slot(Int(index))) }

  func setPlace(_ place: UInt32, of index: UInt32) { unsafe slot(Int(index)).pointee.place = place }

  func place(of index: UInt32) -> UInt32 { unsafe slot(Int(index)).pointee.place }

  /// Where the timer lies that a handle names; nil: it has ended.
  func place(of handle: TimerHandle) -> UInt32? {
    guard handle.slot < made else { return nil }
    let slot = unsafe self.slot(handle.slot)
    return unsafe slot.pointee.generation == handle.generation ? slot.pointee.place : nil
  }
}
