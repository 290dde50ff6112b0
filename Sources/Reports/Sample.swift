/// What was measured several times: a number of something, e.g. seconds.
public struct Sample: Sendable, Equatable {
  /// Ascending.
  public private(set) var values: [Double]

  public init(_ values: [Double] = []) { self.values = values.sorted() }

  public mutating func add(_ value: Double) {
    values.insert(value, at: values.firstIndex { $0 > value } ?? values.count)
  }

  public var isEmpty: Bool { values.isEmpty }
  public var low: Double { values.first ?? 0 }
  public var high: Double { values.last ?? 0 }

  /// The middle one; of an even number the mean of the two in the middle; 0 if there is none.
  public var median: Double {
    if values.isEmpty { return 0 }
    let middle = values.count / 2
    return values.count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2
  }

  /// Half of what lies between the lowest and the highest, as a share of the median.
  public var spread: Double { median == 0 ? 0 : (high - low) / 2 / median }

  /// Whether every value of this one lies above every value of the other: repetition does not bridge the difference.
  public func isClearlyAbove(_ other: Sample) -> Bool { !isEmpty && !other.isEmpty && low > other.high }

  public func map(_ change: (Double) -> Double) -> Sample { Sample(values.map(change)) }
}
