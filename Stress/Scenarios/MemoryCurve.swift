import Runtime

/// The program's memory over the time of a run, and whether it stays flat.
///
/// The rule: the first third of the time is warm-up. What follows is cut into three parts of equal length. Memory has
/// grown if the median of the last part lies more than a fifth (and 24 MiB) above that of the first, *and* the slope
/// over all three (the median of the slopes of all pairs of points, by Theil and Sen) says so as well. Each of three curves is
/// judged: what is resident, what malloc has given out, what the region has taken.
///
/// Medians take no notice of single peaks, however high; the margin is some times what fragments and pieces that wait in
/// pools differ by from one part to another, and a leak that matters passes it if the run lasts long enough.
public struct MemoryCurve: Sendable {
  public struct Point: Sendable {
    /// Since the start, in nanoseconds.
    public var time: UInt64
    public var memory: MemoryReading

    public init(time: UInt64, memory: MemoryReading) {
      self.time = time
      self.memory = memory
    }
  }

  public private(set) var points: [Point] = []
  /// How far points lie apart at least, in nanoseconds.
  private let interval: UInt64

  /// Less points say nothing.
  static let fewest = 60
  /// Points of a whole run.
  private static let most: UInt64 = 400

  /// A curve over so many milliseconds.
  init(milliseconds: Int) {
    interval = max(UInt64(milliseconds) * 1_000_000 / MemoryCurve.most, 50_000_000)
  }

  /// Takes a point if one is due.
  mutating func look(at time: UInt64) {
    if let last = points.last, time < last.time + interval { return }
    add(Point(time: time, memory: .now()))
  }

  mutating func add(_ point: Point) { points.append(point) }

  /// The curves that are judged.
  private static let kinds: [(name: String, bytes: KeyPath<MemoryReading, Int> & Sendable)] = [
    ("resident memory", \.resident), ("what malloc has given out", \.own), ("the shared region", \.region),
  ]

  /// What has grown, as a sentence; nil: nothing, or there are too few points.
  var complaint: String? {
    guard let parts = judgedParts else { return nil }
    for (name, bytes) in MemoryCurve.kinds {
      let before = MemoryCurve.median(parts[0].map { $0.memory[keyPath: bytes] })
      let after = MemoryCurve.median(parts[2].map { $0.memory[keyPath: bytes] })
      let margin = max(24 << 20, before / 5)
      let judged: [Point] = parts.flatMap { $0 }
      let slope = MemoryCurve.slope(judged.map { (time: $0.time, bytes: $0.memory[keyPath: bytes]) })
      let length = Double(parts[2][0].time - parts[0][0].time)
      if after - before > margin && slope * length > Double(margin) {
        return "\(name) grew from \(MemoryCurve.text(before)) to \(MemoryCurve.text(after)) after warm-up, "
          + "\(MemoryCurve.text(Int(slope * 60e9))) a minute"
      }
    }
    return nil
  }

  /// What the points say, in a few words.
  public var text: String {
    guard let parts = judgedParts else { return "too short to tell whether memory is flat" }
    let medians = parts.map { MemoryCurve.median($0.map(\.memory.resident)) }.map(MemoryCurve.text)
    return "resident after warm-up \(medians.joined(separator: ", "))"
  }

  /// What came after warm-up, in three parts.
  private var judgedParts: [[Point]]? {
    guard let end = points.last?.time, points.count >= MemoryCurve.fewest else { return nil }
    let parts = (0..<3).map { part in
      let from = end / 9 * UInt64(3 + 2 * part)
      let to = part == 2 ? UInt64.max : end / 9 * UInt64(5 + 2 * part)
      return points.filter { $0.time >= from && $0.time < to }
    }
    return parts.allSatisfy { !$0.isEmpty } ? parts : nil
  }

  static func median(_ values: [Int]) -> Int { values.sorted()[values.count / 2] }

  /// The median of the slopes of all pairs of points, in bytes a nanosecond.
  static func slope(_ points: [(time: UInt64, bytes: Int)]) -> Double {
    var slopes: [Double] = []
    for i in points.indices {
      for j in points.indices[i...].dropFirst() where points[j].time > points[i].time {
        let bytes = Double(points[j].bytes - points[i].bytes)
        let time = Double(points[j].time - points[i].time)
        slopes.append(bytes / time)
      }
    }
    return slopes.isEmpty ? 0 : slopes.sorted()[slopes.count / 2]
  }

  /// Bytes for people.
  static func text(_ bytes: Int) -> String {
    let tenths = (Double(bytes) / 104_857.6).rounded()
    return "\(tenths / 10) MiB"
  }
}

extension MemoryCurve.Point {
  /// A row of the curve, for people.
  public var text: String {
    let seconds = Double(time / 100_000_000) / 10
    return "\(seconds) s: resident \(MemoryCurve.text(memory.resident)), "
      + "from malloc \(MemoryCurve.text(memory.own)) (\(MemoryCurve.text(memory.spare)) of it spare), region \(MemoryCurve.text(memory.region))"
  }
}
