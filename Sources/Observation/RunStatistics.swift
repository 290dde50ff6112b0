/// What a run of a program has cost: `ludi run --statistics` writes it, `ludi compare` reads it. Times in nanoseconds.
public struct RunStatistics: Sendable, Equatable {
  /// From the start of the main process to the end of the program, and the processor's time of all threads until then.
  public var wall: UInt64 = 0
  public var user: UInt64 = 0
  public var system: UInt64 = 0
  /// The most memory that the program had resident, in bytes.
  public var peakBytes: UInt64 = 0
  public var schedulers = 0
  /// How long each collection of a private heap held its process, how many more there were of small heaps, which are not
  /// timed, and the words that all of them moved.
  public var collections = Distribution()
  public var smallCollections: UInt64 = 0
  public var movedWords: UInt64 = 0
  /// How long each stop of the world for the shared region lasted, how many collections these belong to, and the
  /// region's size at the end, in bytes.
  public var stops = Distribution()
  public var regionCollections: UInt64 = 0
  public var regionBytes: UInt64 = 0

  /// How long steps held their schedulers, by the wall's clock, and what the longest was.
  public var steps = Distribution()
  public var longestStep = ""

  public init() {}
}
