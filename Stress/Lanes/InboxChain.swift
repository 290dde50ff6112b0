import Lanes

/// What was taken out of an inbox, in the order in which it was pushed.
@unsafe struct InboxChain {
  /// The oldest node, linked to the newer ones; nil: there is none.
  var first: UnsafeMutableRawPointer?
  /// How many nodes there are.
  var count = 0

  /// Turns the nodes round that an inbox has handed over, the newest first.
  init(newest: UInt) {
    // SAFETY: the nodes have left the inbox and are the caller's alone.
    var rest = unsafe UnsafeMutableRawPointer(bitPattern: newest)
    while let node = unsafe rest {
      unsafe rest = unsafe UnsafeMutableRawPointer(bitPattern: node.load(as: UInt.self))
      unsafe node.storeBytes(of: UInt(bitPattern: first), as: UInt.self)
      unsafe first = unsafe node
      unsafe count += 1
    }
  }
}

extension InboxStack {
  /// Takes every node, oldest first. For the consumer.
  borrowing func takeInOrder() -> InboxChain { unsafe InboxChain(newest: isEmpty ? 0 : takeAll()) }

  /// Closes the inbox and returns what was still in it, oldest first.
  borrowing func closeInOrder() -> InboxChain { unsafe InboxChain(newest: close()) }
}
