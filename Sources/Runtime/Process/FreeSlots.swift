/// A scheduler's own free slots: those never used or rested elsewhere, and those whose tenants have ended, oldest first (T2).
@safe struct FreeSlots {
  /// How many more than rest a scheduler keeps for what comes next, and how many change hands at a time. (Each was last
  /// touched long ago, and is a cache miss.)
  static let surplus = 1024
  static let batch = 64

  private var ready = SlotChain()
  private var ended = SlotChain()
  /// How many ended ones this list keeps before it reuses any.
  let rest: Int

  init(rest: Int) { self.rest = rest }

  var endedCount: Int { ended.count }

  /// Whether others should have some of these (`ProcessTable.relieve`).
  var hasSurplus: Bool { ended.count > rest + FreeSlots.surplus }

  mutating func addFresh(_ block: UnsafeMutablePointer<ProcessBlock>) { unsafe ready.append(block) }

  /// Slots that have rested in another list.
  mutating func add(rested chain: SlotChain) { ready.append(chain) }

  mutating func addEnded(_ block: UnsafeMutablePointer<ProcessBlock>) { unsafe ended.append(block) }

  /// The oldest of them.
  mutating func removeSurplus() -> SlotChain { ended.removeFirst(FreeSlots.batch) }

  /// A slot for a new process; nil: the table must give some (or is full).
  mutating func take(force: Bool = false) -> UnsafeMutablePointer<ProcessBlock>? {
    if ended.count > rest || force, let block = unsafe ended.removeFirst() {
      unsafe expect(ended.first)
      return unsafe block
    }
    return unsafe ready.removeFirst()
  }

  /// The slot that will be taken next is not in the cache any more, after thousands of others: it is asked for while the
  /// process before it is made.
  private func expect(_ block: UnsafeMutablePointer<ProcessBlock>?) {
    guard let block = unsafe block else { return }
    unsafe Process(unsafe: block).expect()
  }
}

/// A list of free slots that are linked through their blocks, first in, first out.
@safe struct SlotChain: @unchecked Sendable {
  // Sendable: the slots in a chain are nobody else's.
  private(set) var first: UnsafeMutablePointer<ProcessBlock>?
  private var last: UnsafeMutablePointer<ProcessBlock>?
  private(set) var count = 0

  init() {
    unsafe first = nil
    unsafe last = nil
  }

  var isEmpty: Bool { count == 0 }

  mutating func append(_ block: UnsafeMutablePointer<ProcessBlock>) {
    unsafe block.pointee.nextFree = nil
    if let last = unsafe last { unsafe last.pointee.nextFree = block } else { unsafe first = block }
    unsafe last = block
    count += 1
  }

  /// In constant time.
  mutating func append(_ chain: SlotChain) {
    guard let head = unsafe chain.first else { return }
    if let last = unsafe last { unsafe last.pointee.nextFree = head } else { unsafe first = head }
    unsafe last = chain.last
    count += chain.count
  }

  mutating func removeFirst() -> UnsafeMutablePointer<ProcessBlock>? {
    guard let block = unsafe first else { return nil }
    unsafe first = block.pointee.nextFree
    if unsafe first == nil { unsafe last = nil }
    unsafe block.pointee.nextFree = nil
    count -= 1
    return unsafe block
  }

  func forEach(_ body: (UnsafeMutablePointer<ProcessBlock>) -> Void) {
    var block = unsafe first
    while let current = unsafe block {
      unsafe block = current.pointee.nextFree
      unsafe body(current)
    }
  }

  /// As many as there are, if these are fewer.
  mutating func removeFirst(_ most: Int) -> SlotChain {
    var chain = SlotChain()
    while chain.count < most, let block = unsafe removeFirst() { unsafe chain.append(block) }
    return chain
  }
}
