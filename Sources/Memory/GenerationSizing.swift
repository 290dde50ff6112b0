/// When a heap has generations, and how large its parts are: pure arithmetic, in words.
@frozen public struct GenerationSizing: Sendable {
  /// From so many live words on, stack included, a heap has generations; it loses them at an eighth of that.
  public var threshold: Int
  /// The young part of the smallest such heap, and of a large one. A minor collection moves at most what is young: the larger
  /// one is chosen so that this takes less than 200 µs if everything survives, and fits into a core's own cache.
  public var smallestYoung: Int
  public var largestYoung: Int

  public init(threshold: Int, smallestYoung: Int, largestYoung: Int) {
    self.threshold = threshold
    self.smallestYoung = smallestYoung
    self.largestYoung = largestYoung
  }

  /// What processes have. Tiny in torture mode, so that small programs have generations, too.
  public static let standard =
    Torture.isOn
    ? GenerationSizing(threshold: 64, smallestYoung: 128, largestYoung: 512)
    : GenerationSizing(threshold: 8_192, smallestYoung: 16_000, largestYoung: 32_000)

  /// The young part of a heap with so many live words.
  func young(live: Int) -> Int { min(max(live, smallestYoung), largestYoung) }

  /// The most words that stay young after a minor collection; what else survives is promoted at once, so that room for new
  /// objects is left.
  func survivors(young: Int) -> Int { young / 2 }

  /// Words of old objects that make the next collection a full one, after one that left `live` of them: twice as many, but
  /// not much more than the heap's limit allows.
  func oldLimit(live: Int, limit: Int) -> Int {
    max(min(max(live * 2, live + largestYoung * 4), limit + limit / 4), live + smallestYoung)
  }

  /// Words of the next segment of the old generation.
  func segment(live: Int, atLeast words: Int) -> Int { max(words, largestYoung * 4, live / 8) }

  /// Words of a block for a stack that is to have `stack` words and a young part.
  func block(stack: Int, young: Int) -> Int { stack + stack / 2 + young }

  /// Whether a block of so many words should be exchanged.
  func fits(block words: Int, stack: Int, young: Int) -> Bool {
    words >= stack + young - young / 4 && words <= stack * 4 + young * 2
  }
}
