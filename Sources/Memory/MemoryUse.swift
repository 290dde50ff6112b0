import CBoehm
import CLinux
import Synchronization

/// What the VM's memory goes to, in bytes.
public struct MemoryUse: Sendable {
  /// Heaps, mailboxes and control blocks of processes, and whatever else the VM has made for itself.
  public var own: Int
  /// The shared region: what is in use of it, garbage included that has not been collected yet.
  public var shared: Int
  /// Loaded code, its constants, and the values of toplevel names.
  public var code: Int

  public var total: Int { own + shared + code }

  private static let codeBytes = Atomic<Int>(0)
  private static let mappedCodeBytes = Atomic<Int>(0)

  /// Notes that so many bytes have been taken from malloc for code or immortal values, which are never given back.
  public static func addCode(bytes: Int) { codeBytes.wrappingAdd(bytes, ordering: .relaxed) }

  /// The same for what came from the system.
  public static func addMappedCode(bytes: Int) { mappedCodeBytes.wrappingAdd(bytes, ordering: .relaxed) }

  /// Of `own`, what lies in free pieces that all schedulers share: a flood leaves it behind for the next one.
  public static var spareBytes: Int { Depot.shared.spareBytes }

  /// Gives back free cells that were scanned by the region's collector, if there are more than some MiB of them: they make each of
  /// its stops longer. True if there were any.
  @discardableResult public static func releaseScannedCells() -> Bool {
    Depot.shared.releaseScanned(above: 4 << 20)
  }

  /// Gives back to the system what has been kept for so many nanoseconds, to be used again: blocks of large heaps, and tables. True if
  /// there was anything.
  @discardableResult public static func releaseKept(olderThan age: UInt64) -> Bool {
    let hadTables = TableMemory.release(olderThan: age)
    return LargeBlocks.release(olderThan: age) || hadTables
  }

  public static func now() -> MemoryUse {
    let code = codeBytes.load(ordering: .relaxed)
    return MemoryUse(
      own: max(0, Int(ludi_allocated_bytes()) - code),
      shared: Int(GC_get_heap_size()) - Int(GC_get_free_bytes()),
      code: code + mappedCodeBytes.load(ordering: .relaxed))
  }
}
