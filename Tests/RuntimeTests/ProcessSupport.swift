import Lanes
import Memory
import Words
import XCTest

@testable import Runtime
// Foundation, which XCTest brings along, has another.
@testable import struct Runtime.Process

/// Schedulers without threads and processes without code: a test moves them by hand.
@safe final class World {
  let shared: UnsafeMutablePointer<SharedState>

  init(schedulers count: Int = 1) {
    unsafe shared = .allocate(capacity: 1)
    unsafe shared.initialize(to: SharedState(count: count, sliceLength: Scheduler.slice))
    for index in 0..<count {
      let block = UnsafeMutablePointer<SchedulerBlock>.allocate(capacity: 1)
      unsafe block.initialize(to: SchedulerBlock(index: index, count: count, shared: shared))
      unsafe shared.pointee.blocks[index] = block
      unsafe shared.pointee.stealing.add(Scheduler.lane(of: block))
    }
  }

  func scheduler(_ index: Int = 0) -> UnsafeMutablePointer<SchedulerBlock> {
    unsafe shared.pointee.blocks[index]
  }

  var pool: Pool { unsafe scheduler().pointee.pool }

  /// A process that has begun and "runs" on a scheduler, out of every queue.
  func spawn(on index: Int = 0) -> Process {
    let scheduler = unsafe scheduler(index)
    guard let pid = unsafe Spawning.spawn(.nil, parent: .nil, on: scheduler), let process = find(pid) else {
      fatalError("no process")
    }
    while let address = unsafe scheduler.pointee.lane.ring.pop() { XCTAssertEqual(address, process.address) }
    unsafe process.block.pointee.scheduler = unsafe scheduler
    XCTAssertTrue(unsafe Spawning.begin(process, pool: scheduler.pointee.pool))
    return process
  }

  func find(_ pid: Word) -> Process? { unsafe shared.pointee.table.find(pid) }

  func end(_ process: Process, _ outcome: Word = .nil, on index: Int = 0) {
    let scheduler = unsafe scheduler(index)
    var isGone = unsafe Ending.end(process, Keywords.ok, outcome, on: scheduler)
    while !isGone { isGone = unsafe Ending.goOn(process, on: scheduler) }
  }

  /// A message from nobody in particular.
  func send(_ message: Word, to pid: Word, kind: Signal = .message) {
    _ = unsafe Sending.signal(kind, message, to: pid, on: scheduler())
  }
}

extension Process {
  /// A whole `receive` without a limit: the first message that matches, nil if none does.
  func receive(_ matches: (Word) -> Bool) -> Word? {
    XCTAssertTrue(Receiving.start(self, limit: .absent))
    while true {
      let message = Receiving.next(self)
      if message == .request, unsafe block.pointee.isTakingIn {
        takeInAll()
        continue
      }
      if message == .absent || message == .request { return nil }
      if matches(message) {
        Receiving.take(self)
        return message
      }
    }
  }

  /// Takes in what lies in the inbox, in as many turns as that takes here.
  func takeInAll() {
    while unsafe block.pointee.isTakingIn || !block.pointee.inbox.isEmpty {
      _ = unsafe block.pointee.isTakingIn ? takeInMore() : drainInbox()
    }
    unsafe block.pointee.request = .none
  }

  /// Collects as a safepoint does, and checks what is left.
  func collect(line: UInt = #line) {
    XCTAssertEqual(Collecting.collect(self, frameSize: nil, pool: pool), .done, line: line)
    XCTAssertNil(complaint, line: line)
  }

  var complaint: String? {
    let state = unsafe withUnsafeMutablePointer(to: &block.pointee.heap) { unsafe $0 }
    return unsafe HeapCheck.complaint(about: state, liveStack: 1, visitRoots: visitRoots)
  }

  /// Calls a native with these arguments.
  func call(_ native: (NativeCall) -> Word, _ first: Word, _ more: Word...) -> Word {
    let arguments = [first] + more
    var words = arguments.map(\.bits)
    return unsafe words.withUnsafeMutableBufferPointer { buffer in
      unsafe native(NativeCall(self, unsafe: buffer.baseAddress.unsafelyUnwrapped, count: arguments.count))
    }
  }

  /// How many wait for its end.
  var awaiterCount: Int {
    var count = 0
    var cell = unsafe block.pointee.firstAwaiter
    while cell != 0 {
      count += 1
      cell = MessageCell(address: cell).next
    }
    return count
  }

  var messageCount: Int { unsafe Int(block.pointee.messageCount) }
  var request: ProcessRequest { unsafe block.pointee.request }
}

/// A member of what may be a tuple.
func member(_ word: Word, _ i: Int) -> Word {
  word.isObject(.tuple) && i < HeapObject(word).size ? HeapObject(word)[i] : .absent
}
