import CBoehm
import Synchronization
import Words

/// The shared region: memory that the Boehm collector manages, for large values that all processes may read.
///
/// R1  A thread that holds a region pointer, or allocates here, is attached: Boehm stops it and reads its registers
///     and stack.
/// R2  What keeps a region object alive is a pointer in an attached thread's stack, in another region object's slab
///     (its *externals*), or in memory from `allocateRoots`. Boehm sees no other memory: no private heap, no static data, nothing
///     from malloc.
/// R3  No pointer leads from here into a private heap.
public enum Region {
  private static let started: Bool = {
    ludi_gc_start()
    RegionStops.watch()
    _ = slabKind
    if Torture.isOn || RegionTorture.isOn { ludi_gc_poison_freed(UInt32(slabKind)) }
    if ludi_gc_must_not_stop_threads() != 0 { GC_disable() }
    return true
  }()

  /// Whether Boehm may collect: not under the thread sanitizer.
  public static var collects: Bool { ludi_gc_must_not_stop_threads() == 0 }

  /// Makes Boehm ready. May be called any number of times, from any thread.
  public static func start() { _ = started }

  /// Registers the calling thread (R1). False: it was attached already, and whoever did that detaches it.
  @discardableResult public static func attachThread() -> Bool {
    start()
    let result = ludi_gc_attach_thread()
    precondition(result >= 0, "the system does not tell where this thread's stack is")
    return result == 1
  }

  /// Undoes `attachThread`, before the thread ends.
  public static func detachThread() { ludi_gc_detach_thread() }

  /// Runs something with the calling thread attached.
  public static func withThread<R>(_ body: () throws -> R) rethrows -> R {
    let isNew = attachThread()
    defer { if isNew { detachThread() } }
    return try body()
  }

  /// Zeroed memory whose words are roots of the region, until `freeRoots`. It is small beside what it keeps alive, so it is
  /// given even where the memory's ceiling is reached.
  static func allocateRoots(words: Int) -> UInt {
    prepare()
    if let raw = unsafe GC_malloc_uncollectable(words * 8) { return UInt(bitPattern: raw) }
    let address = beyondCeiling(bytes: words * 8) {
      UInt(bitPattern: unsafe GC_malloc_uncollectable(words * 8))
    }
    if address == 0 {
      fatalError("out of memory: the system refused \(words * 8) bytes for roots of the shared region")
    }
    return address
  }

  /// Allocates so many bytes with `body` though the ceiling is reached. Left to itself, Boehm would grow by a good part of
  /// what it has, and others would find room again: so it gets little more than what is needed.
  static func beyondCeiling(bytes: Int, _ body: () -> UInt) -> UInt {
    GC_set_max_heap_size(0)
    defer { GC_set_max_heap_size(UInt(ceilingBytes)) }
    _ = GC_expand_hp(bytes + 1 << 16)
    return body()
  }

  /// The most bytes that the region may take; 0: no limit.
  static var ceilingBytes: Int { ceiling.load(ordering: .relaxed) }

  private static let ceiling = Atomic<Int>(0)

  /// Sets the most bytes that the region may take from the system; 0: no limit. Beyond it, allocations are refused.
  public static func setCeiling(bytes: Int) {
    ceiling.store(bytes, ordering: .relaxed)
    GC_set_max_heap_size(UInt(bytes))
  }

  static func freeRoots(_ address: UInt) {
    unsafe GC_free(UnsafeMutableRawPointer(bitPattern: address))
  }

  /// Collects the region now, whoever runs meanwhile.
  public static func collect() {
    if collects { GC_gcollect() }
  }

  // MARK: Objects

  /// From so many bytes on Boehm gives an object pages of its own; pointers to smaller ones have bit 2 set.
  static var pageObjectBytes: Int { 2049 }

  /// The tag of pointers to or into a Boehm object of so many bytes.
  static func tag(bytes: Int) -> UInt64 { bytes < pageObjectBytes ? 5 : 1 }

  /// Under torture, what Boehm frees of it is overwritten, so that a root that was forgotten shows at once.
  private static let slabKind = Int32(ludi_gc_new_slab_kind())

  /// A slab of so many bytes, its header zero; 0: there is no memory.
  static func makeSlab(bytes: Int) -> UInt {
    prepare()
    let made = persistently { UInt(bitPattern: unsafe GC_generic_malloc(bytes, slabKind)) }
    guard let raw = unsafe UnsafeMutableRawPointer(bitPattern: made) else { return 0 }
    // SAFETY: the two header words of a slab.
    unsafe raw.initializeMemory(as: UInt64.self, repeating: 0, count: Slab.headerWords)
    return UInt(bitPattern: raw)
  }

  /// Zeroed memory that Boehm scans and collects; 0: there is none.
  static func makeScanned(words: Int) -> UInt {
    prepare()
    return persistently { UInt(bitPattern: unsafe GC_malloc(words * 8)) }
  }

  /// Memory of any contents that Boehm does not scan, and collects; 0: there is none.
  static func makeUnscanned(bytes: Int) -> UInt {
    prepare()
    return persistently { UInt(bitPattern: unsafe GC_malloc_atomic(bytes)) }
  }

  /// Tries an allocation again when blocks that are kept have gone, and again behind a collection.
  @inline(__always) private static func persistently(_ allocate: () -> UInt) -> UInt {
    let address = allocate()
    return address != 0 ? address : stubbornly(allocate)
  }

  @inline(never) private static func stubbornly(_ allocate: () -> UInt) -> UInt {
    if MemoryUse.releaseKept(olderThan: 0) {
      let address = allocate()
      if address != 0 { return address }
    }
    return MemoryAccount.collectsRegion() ? allocate() : 0
  }

  /// What goes before every allocation. Threads of the VM are attached; another one (of a test) becomes so now.
  private static func prepare() {
    if ludi_gc_is_attached() == 0 { attachThread() }
    if RegionTorture.isOn { RegionTorture.mayCollect() }
  }

  /// Where the Boehm object begins that an address lies in.
  static func base(of address: UInt) -> UInt {
    UInt(bitPattern: unsafe GC_base(UnsafeMutableRawPointer(bitPattern: address & ~7)))
  }

  /// The bytes of the Boehm object that begins here.
  static func size(of base: UInt) -> Int {
    Int(unsafe GC_size(UnsafeRawPointer(bitPattern: base).unsafelyUnwrapped))
  }
}
