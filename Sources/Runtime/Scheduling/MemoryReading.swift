import Memory
import Platform

/// What the program's memory is at a moment, in bytes.
public struct MemoryReading: Sendable, Equatable {
  /// What the system keeps in memory for it.
  public var resident: Int
  /// What it has got from malloc and not given back: heaps, cells, the slabs of pools.
  public var own: Int
  /// Of that, what lies in free pieces since a flood (`MemoryUse.spareBytes`).
  public var spare: Int
  /// What the shared region has taken from the system, garbage and free pieces included.
  public var region: Int

  public init(resident: Int, own: Int, spare: Int, region: Int) {
    self.resident = resident
    self.own = own
    self.spare = spare
    self.region = region
  }

  public static func now() -> MemoryReading {
    let use = MemoryUse.now()
    return MemoryReading(
      resident: Usage.residentBytes(), own: use.own + use.code, spare: MemoryUse.spareBytes,
      region: MemoryAccount.regionBytes)
  }
}
