import Memory

/// The watermark of a stack. A deep stack is scanned once: what its older frames reach is promoted, so that the next minor
/// collections need not look at them, until a return has made one of them the running frame again.
///
/// That a frame has not run since is read off its callee's link: bit 0 of a return address, which is 8-byte aligned, is the
/// *mark*. A collection sets it in the links of some frames; the return ignores it; and a new call into the same window
/// writes a link without it. So where a mark is still in place, nothing below it has changed.
///
/// K1  Nothing young lies below a marked link of a live frame (N4).
enum StackMarks {
  /// What a link's return address is: the rest is the window and the mark (F2).
  @inline(__always) static var addressMask: UInt64 { 0xFFFF_FFFF_FFF8 }

  /// Stacks of less live words are scanned whole: that takes about as long as finding out what need not be.
  private static let shallow = Torture.isOn ? 24 : 1_024
  /// The youngest frames stay unmarked: they return soon.
  private static let restless = Torture.isOn ? 8 : 256
  /// Words between two marks: when one is lost, so many more are scanned at most.
  private static let interval = Torture.isOn ? 8 : 256

  /// Finds the watermark of a paused process, and sets a new one.
  /// - Returns: words from the start of the stack that hold nothing young, and words that hold nothing young if what the
  ///   words in between reach is promoted now.
  static func advance(_ process: Process, liveStack: Int) -> (settled: Int, deep: Int) {
    guard liveStack > shallow, var frame = unsafe process.block.pointee.frame else { return (0, 0) }
    let base = unsafe process.block.pointee.heap.base
    var deep: Int?
    var next = liveStack - restless
    while UInt(bitPattern: frame) > base {
      let link = unsafe frame[-1]
      let below = Int(UInt(bitPattern: frame) - base) / 8 - 1
      if link & 1 == 1 { return (below, deep ?? below) }
      if below <= next {
        unsafe frame[-1] = link | 1
        if deep == nil { deep = below }
        next = below - interval
      }
      unsafe frame -= Int(link >> 48) - 1
    }
    return (0, deep ?? 0)
  }

  /// Words from the start of the stack that are settled, if they end less than `limit` below its end; else 0.
  static func settled(_ process: Process, upTo limit: Int) -> Int {
    guard var frame = unsafe process.block.pointee.frame else { return 0 }
    let base = unsafe process.block.pointee.heap.base
    let top = UInt(bitPattern: frame)
    while UInt(bitPattern: frame) > base && Int(top - UInt(bitPattern: frame)) / 8 < limit {
      let link = unsafe frame[-1]
      if link & 1 == 1 { return Int(UInt(bitPattern: frame) - base) / 8 - 1 }
      unsafe frame -= Int(link >> 48) - 1
    }
    return 0
  }
}
