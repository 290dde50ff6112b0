import Observation
import Reports

/// The file that `ludi run --statistics` writes, and how it is read back. Times in nanoseconds.
extension RunStatistics {
  var members: [Json.Member] {
    let members: KeyValuePairs<String, Json> = [
      "wall": .number(Double(wall)),
      "user": .number(Double(user)),
      "system": .number(Double(system)),
      "peak_bytes": .number(Double(peakBytes)),
      "schedulers": .number(Double(schedulers)),
      "collections": collections.json,
      "small_collections": .number(Double(smallCollections)),
      "moved_words": .number(Double(movedWords)),
      "stops": stops.json,
      "region_collections": .number(Double(regionCollections)),
      "region_bytes": .number(Double(regionBytes)),
      "steps": steps.json,
      "longest_step": .string(longestStep),
    ]
    return members.map { Json.Member(key: $0.key, value: $0.value) }
  }

  /// Nil if something is missing.
  init?(_ json: Json) {
    self.init()
    func number(_ key: String) -> UInt64? { json[key]?.number.map { UInt64($0) } }
    guard let wall = number("wall"), let user = number("user"), let system = number("system"),
      let peakBytes = number("peak_bytes"), let schedulers = number("schedulers"),
      let collections = Distribution(json["collections"]), let movedWords = number("moved_words"),
      let smallCollections = number("small_collections"),
      let stops = Distribution(json["stops"]), let regionCollections = number("region_collections"),
      let regionBytes = number("region_bytes"),
      let steps = Distribution(json["steps"]), let longestStep = json["longest_step"]?.string
    else { return nil }
    (self.wall, self.user, self.system, self.peakBytes) = (wall, user, system, peakBytes)
    (self.schedulers, self.collections, self.movedWords) = (Int(schedulers), collections, movedWords)
    (self.steps, self.longestStep) = (steps, longestStep)
    self.smallCollections = smallCollections
    (self.stops, self.regionCollections, self.regionBytes) = (stops, regionCollections, regionBytes)
  }
}

extension Distribution {
  /// With the quantiles that people ask for first, and all buckets: the largest value of each, and its count.
  var json: Json {
    .object([
      "count": .number(Double(count)),
      "total": .number(Double(total)),
      "p50": .number(Double(quantile(0.5))),
      "p99": .number(Double(quantile(0.99))),
      "max": .number(Double(max)),
      "buckets": .array(buckets.map { .array([.number(Double($0.upTo)), .number(Double($0.count))]) }),
    ])
  }

  init?(_ json: Json?) {
    guard let json, let total = json["total"]?.number, let max = json["max"]?.number,
      let rows = json["buckets"]?.array
    else { return nil }
    let buckets = rows.compactMap { row -> (upTo: UInt64, count: UInt64)? in
      guard let pair = row.array, pair.count == 2, let upTo = pair[0].number, let count = pair[1].number
      else { return nil }
      return (UInt64(upTo), UInt64(count))
    }
    guard buckets.count == rows.count else { return nil }
    self.init(buckets: buckets, total: UInt64(total), max: UInt64(max))
  }
}
