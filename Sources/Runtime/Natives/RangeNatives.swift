import Bytecode
import Memory
import Words

/// Ranges: member i is start + i × step, as long as that is before the end.
enum RangeNatives {
  /// `(start, end, step)`: how many members there are.
  static func count(_ call: NativeCall) -> Word {
    guard let start = call.number(0), let end = call.number(1), let step = call.number(2) else {
      return call.misused(.rangeCount)
    }
    if step == 0 { return call.panic("range: the step must not be 0") }
    if start.isNaN || end.isNaN || step.isNaN || start.isInfinite || step.isInfinite {
      return call.panic("range takes numbers that are finite")
    }
    let estimate = ((end - start) / step).rounded(.up)
    guard estimate > 0 else { return Word(0) }
    guard estimate < 9_007_199_254_740_992 else {
      _ = call.heap.hasRoom(words: Int.max / 4)
      return .nil
    }
    return Word(exact(Int(estimate), start, end, step))
  }

  /// The division may have been off: by one, or, where steps are too small to change a large start, by most of it.
  private static func exact(_ estimate: Int, _ start: Double, _ end: Double, _ step: Double) -> Int {
    func isInside(_ i: Int) -> Bool {
      let x = start + Double(i) * step
      return step > 0 ? x < end : x > end
    }
    if isInside(estimate) { return estimate + 1 }
    // Members go one way, so the first that is outside is found by halving.
    var (inside, outside) = (-1, estimate)
    if isInside(estimate - 1) { return estimate }
    if estimate > 1, isInside(estimate - 2) { return estimate - 1 }
    while outside - inside > 1 {
      let middle = inside + (outside - inside) / 2
      if isInside(middle) { inside = middle } else { outside = middle }
    }
    return outside
  }

  /// `(out, start, step, from, to)`: those members of the range behind those of `out`.
  static func list(_ call: NativeCall) -> Word {
    guard let out = call.list(0), let start = call.number(1), let step = call.number(2),
      let from = call.index(3), let to = call.index(4), from <= to
    else { return call.misused(.listRange) }
    guard call.heap.hasRoom(words: (to - from) * Room.member) else { return .nil }
    call.charge(work: to - from)
    var builder = ListBuilder(call.heap, extending: out)
    for i in from..<to { builder.append(Word(start + Double(i) * step)) }
    return builder.finish()
  }
}
