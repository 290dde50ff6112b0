/// Which registers of a frame hold values at one place of a procedure, along every path to it.
///
/// Registers are used like a stack, so nearly always they are the first `height` ones; the few above a hole
/// (arguments being laid out for a call) are bits.
///
/// S1  Every register below `height` holds a value; register `height` does not.
/// S2  A bit is set only for a register below `top`; bits below `height` mean nothing.
struct RegisterState {
  private(set) var height = 0
  private var top = 0
  private var bits: [UInt64]
  /// A `receive` has begun; it has given a message that it may take.
  var isReceiving = false
  var hasMessage = false

  /// For frames of at most this many registers.
  init(capacity: Int) {
    bits = [UInt64](repeating: 0, count: capacity / 64 + 1)
  }

  func isSet(_ register: Int) -> Bool {
    register < height || bits[register >> 6] >> UInt64(register & 63) & 1 != 0
  }

  /// The first register of a range that holds no value.
  func firstUnset(_ range: Range<Int>) -> Int? {
    if range.upperBound <= height { return nil }
    return range.first { !isSet($0) }
  }

  mutating func set(_ register: Int) {
    guard register >= height else { return }
    if register == height {
      height += 1
      while height < top, bits[height >> 6] >> UInt64(height & 63) & 1 != 0 { height += 1 }
      top = max(top, height)
    } else {
      bits[register >> 6] |= 1 << UInt64(register & 63)
      top = max(top, register + 1)
    }
  }

  /// Forgets all registers from one on.
  mutating func cut(to register: Int) {
    guard register < top else { return }
    var word = register >> 6
    bits[word] &= (1 << UInt64(register & 63)) - 1
    word += 1
    while word << 6 < top {
      bits[word] = 0
      word += 1
    }
    top = register
    height = min(height, register)
  }

  /// Begins anew: the first registers hold values, and no others.
  mutating func restart(height: Int) {
    cut(to: 0)
    self.height = height
    top = height
    leaveReceive()
  }

  mutating func leaveReceive() {
    isReceiving = false
    hasMessage = false
  }
}

/// A `RegisterState` as a jump target keeps it until the sweep comes by: small, at the price of forgetting
/// registers more than 64 above the first hole.
struct LabelState {
  var height: Int
  /// Bit i: register `height + 1 + i` holds a value.
  var above: UInt64
  var isReceiving: Bool
  var hasMessage: Bool
  /// Code before the label leads to it, not only `loop` and `receiveWait` behind it.
  var isReachedForward = true

  /// What holds on both ways to a label.
  mutating func intersect(_ other: LabelState) {
    let low = height <= other.height ? self : other
    let high = height <= other.height ? other : self
    let mask =
      low.height == high.height ? high.above : high.maskAbove(low.height)
    above = low.above & mask
    height = low.height
    isReceiving = isReceiving && other.isReceiving
    hasMessage = hasMessage && other.hasMessage
    isReachedForward = isReachedForward || other.isReachedForward
  }

  mutating func intersectReceive(_ state: RegisterState) {
    isReceiving = isReceiving && state.isReceiving
    hasMessage = hasMessage && state.hasMessage
  }

  /// The mask relative to a lower height. All registers between the two hold values, `height` does not.
  private func maskAbove(_ lower: Int) -> UInt64 {
    let filled = height - lower - 1
    if filled >= 64 { return ~0 }
    let ones: UInt64 = (1 << UInt64(filled)) - 1
    return filled == 63 ? ones : ones | above << UInt64(filled + 1)
  }
}

extension RegisterState {
  var label: LabelState {
    var above: UInt64 = 0
    var register = height + 1
    while register < top, register <= height + 64 {
      if isSet(register) { above |= 1 << UInt64(register - height - 1) }
      register += 1
    }
    return LabelState(height: height, above: above, isReceiving: isReceiving, hasMessage: hasMessage)
  }

  mutating func restart(from label: LabelState) {
    restart(height: label.height)
    var rest = label.above
    while rest != 0 {
      set(label.height + 1 + rest.trailingZeroBitCount)
      rest &= rest - 1
    }
    isReceiving = label.isReceiving
    hasMessage = label.hasMessage
  }
}
