import Memory
import Words

/// Where a process is: for panics, and later for `stack`.
enum Stacks {
  /// The places of a process that is not running, innermost first; at most `limit`.
  static func places(of process: Process, limit: Int) -> [SourcePlace] {
    var places: [SourcePlace] = []
    guard let pc = unsafe process.block.pointee.pc, var frame = unsafe process.block.pointee.frame else {
      return []
    }
    let base = unsafe process.block.pointee.heap.base
    var address = UInt(bitPattern: pc)
    while places.count < limit {
      if let place = Modules.shared.place(of: address) { places.append(place) }
      if UInt(bitPattern: frame) <= base { break }
      let link = unsafe frame[-1]
      unsafe frame -= Int(link >> 48) - 1
      // The call stands in front of the return address.
      address = UInt(link & StackMarks.addressMask) - 8
    }
    return places
  }
}

extension Stacks {
  /// No frame has more bytes: registers are counted in 16 bits.
  private static let largestFrame: UInt = 8 << 16

  /// Words from the block's start to the end of the frame that ends last; nil if some code is not known.
  static func reach(of process: Process) -> Int? {
    guard let pc = unsafe process.block.pointee.pc, var frame = unsafe process.block.pointee.frame else {
      return nil
    }
    let base = unsafe process.block.pointee.heap.base
    var address = UInt(bitPattern: pc)
    var end: UInt = 0
    while true {
      let isBoot = Boot.contains(address)
      guard let size = isBoot ? Boot.frameSize : Modules.shared.entry(of: address)?.frameSize else {
        return nil
      }
      end = max(end, UInt(bitPattern: frame) + UInt(size * 8))
      // A frame that starts so far below cannot end above.
      let isDone = UInt(bitPattern: frame) <= base || UInt(bitPattern: frame) + largestFrame < end
      if isDone { return Int(end - base) / 8 }
      let link = unsafe frame[-1]
      unsafe frame -= Int(link >> 48) - 1
      address = UInt(link & StackMarks.addressMask) - 8
    }
  }
}

/// The report of a panic on standard error.
enum PanicReport {
  /// How many lines of a stack are shown at its inner and its outer end.
  private static let shownFrames = 20

  static func text(_ process: Process, isMain: Bool) -> String {
    let extra = process.extra
    let said = unsafe process.block.pointee.requestValue
    let message = said.isObject(.string) ? Show.plain(StringView(said)) : extra.panicMessage
    let who = isMain ? "main process" : "process \(Show.showNumber(of: process.pid))"
    var report = "ludi: \(who) panicked: \(message)\n"
    if !extra.panicDetail.isEmpty { report += "  \(extra.panicDetail)\n" }
    let places = Stacks.places(of: process, limit: 200)
    for place in places.prefix(shownFrames) { report += "  \(place.text)\n" }
    if places.count > shownFrames { report += "  … and \(places.count - shownFrames) more\n" }
    return String(report.dropLast())
  }
}

/// Finds the procedure that a process runs.
enum CodeEntryOfProcess {
  static func running(_ process: Process) -> CodeEntry? {
    guard let pc = unsafe process.block.pointee.pc else { return nil }
    return Modules.shared.entry(of: UInt(bitPattern: pc))
  }
}
