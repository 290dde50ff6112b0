import Glibc
import Memory
import Synchronization

/// Where loaded code lies: one reserved stretch of addresses in three parts.
///
///     [ bytecode ][ table: one machine address a word of bytecode ][ machine code ]
///
/// T1  The word at `p + distance` is the machine address at which the translation of the instruction at `p` begins. For the
///     word in front of a procedure's first instruction, its header, it is where calls enter; for all other words 0.
///
/// One stretch of less than 2 GiB, so that machine code reaches all of it by distances of 32 bits, and the table by adding a constant. Only
/// addresses are reserved; memory comes with the modules, which stay. Machine code is written before it may be executed, and
/// never both at a time.
@safe enum CodeArea {
  /// Bytes from a word of bytecode to its place in the table: as many bytes as there can be of either.
  static let distance = 480 << 20
  private static let machineBytes = 1 << 30
  private static let page = 4096

  private struct State {
    /// The first byte; 0: the system has not reserved that much.
    var base: UInt
    /// Bytes of bytecode, and of machine code.
    var bytecode = 0
    var machine = 0

    init() {
      let flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE
      let place = unsafe mmap(nil, 2 * CodeArea.distance + machineBytes, PROT_NONE, flags, -1, 0)
      base = unsafe place == MAP_FAILED ? 0 : UInt(bitPattern: place)
    }
  }

  private static let state = Mutex(State())

  /// Whether there is such a stretch, and machine code may be made in it.
  static let isReserved = state.withLock { state in
    guard state.base != 0, open(state.base + UInt(2 * distance), page, PROT_READ | PROT_WRITE),
      open(state.base + UInt(2 * distance), page, PROT_READ | PROT_EXEC)
    else { return false }
    return true
  }

  /// Zeroed memory for so many words of bytecode, with its part of the table; nil: there is no more.
  static func words(_ count: Int) -> UnsafeMutablePointer<UInt64>? {
    guard isReserved else { return nil }
    return unsafe state.withLock { state in
      let bytes = count * 8
      guard bytes <= distance - state.bytecode else { return nil }
      let start = state.base + UInt(state.bytecode)
      guard open(start, bytes, PROT_READ | PROT_WRITE),
        open(start + UInt(distance), bytes, PROT_READ | PROT_WRITE)
      else { return nil }
      state.bytecode += bytes
      MemoryUse.addMappedCode(bytes: 2 * bytes)
      return unsafe UnsafeMutablePointer(bitPattern: start)
    }
  }

  /// Where the next machine code will lie: at the start of a page.
  static var nextMachineCode: UInt {
    state.withLock { $0.base + UInt(2 * distance + $0.machine) }
  }

  /// Puts machine code where `nextMachineCode` said. False: there is no room, or the system does not allow it.
  static func publish(_ code: [UInt8], at address: UInt) -> Bool {
    state.withLock { state in
      let bytes = (code.count + page - 1) / page * page
      guard address == state.base + UInt(2 * distance + state.machine), bytes <= machineBytes - state.machine,
        open(address, bytes, PROT_READ | PROT_WRITE)
      else { return false }
      unsafe UnsafeMutableRawPointer(bitPattern: address).unsafelyUnwrapped.copyMemory(
        from: code, byteCount: code.count)
      guard open(address, bytes, PROT_READ | PROT_EXEC) else { return false }
      state.machine += bytes
      MemoryUse.addMappedCode(bytes: bytes)
      return true
    }
  }

  /// Lets the pages that hold these bytes be used so.
  private static func open(_ address: UInt, _ bytes: Int, _ use: Int32) -> Bool {
    let first = address & ~UInt(page - 1)
    let end = (address + UInt(bytes) + UInt(page - 1)) & ~UInt(page - 1)
    return unsafe mprotect(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), use) == 0
  }
}
