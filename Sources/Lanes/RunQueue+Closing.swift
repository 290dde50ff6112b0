// RunQueue+Closing.swift owns rings that take nothing: every push goes to the slow path of a full ring.
//
//   steal = tail - capacity,  real = tail:  as if a thief were copying a whole ring and never gave it back

extension RunQueue.Owner {
  /// Makes an empty ring refuse every push, pop and theft, as if it were full and being robbed for ever. The hot paths
  /// need not ask: what they check anyway sends them to their slow path. Only while no other thread uses the ring.
  public borrowing func close() {
    precondition(isEmpty && !isBeingRobbed, "only an empty ring can be closed")
    // relaxed: nobody else uses the ring; whoever comes back to it does so behind a lock.
    let tail = unsafe ring.tail.pointee.load(ordering: .relaxed)
    let closed = RunQueue.Head(steal: tail &- ring.capacity, real: tail)
    unsafe ring.head.pointee.store(closed.packed, ordering: .relaxed)
  }

  /// Lets a closed ring, which is empty, be used again. Only while no other thread uses the ring.
  public borrowing func open() {
    let tail = unsafe ring.tail.pointee.load(ordering: .relaxed)
    unsafe ring.head.pointee.store(RunQueue.Head(steal: tail, real: tail).packed, ordering: .relaxed)
  }
}
