import Foundation
import Memory
import Platform
import Words
import XCTest

@testable import Runtime

/// A queue in front of a pipe whose reader is slow.
final class OutputQueueTests: XCTestCase {
  private let heap = Heap.standalone()

  private func text(_ string: String) -> StringView { StringView(heap.makeString(string).word) }

  /// Writes until the pipe takes no more, and says how much that was.
  private func fill(_ pipe: Pipe) -> Int {
    let file = pipe.fileHandleForWriting.fileDescriptor
    let flags = fcntl(file, F_GETFL)
    XCTAssertEqual(fcntl(file, F_SETFL, flags | O_NONBLOCK), 0)
    defer { XCTAssertEqual(fcntl(file, F_SETFL, flags), 0) }
    var count = 0
    let zeros = [UInt8](repeating: 0, count: 4096)
    while case let written = unsafe Glibc.write(file, zeros, zeros.count), written > 0 { count += written }
    return count
  }

  /// What is written behind a piece that the thread is waiting with is not taken for written with it.
  func testAPieceGrowsWhileItIsWritten() throws {
    for round in 0..<20 {
      let pipe = Pipe()
      let before = fill(pipe)
      let queue = OutputQueue(Stream(pipe.fileHandleForWriting.fileDescriptor), limit: 0)
      XCTAssertTrue(queue.write(text("first"), newline: true))
      // The thread may take the piece meanwhile. Right or wrong does not hang on it.
      Platform.Thread.pause(milliseconds: 2)
      XCTAssertTrue(queue.write(text("second"), newline: true))
      let reader = pipe.fileHandleForReading
      XCTAssertEqual(try reader.read(upToCount: before)?.count, before)
      queue.flush()
      try pipe.fileHandleForWriting.close()
      let rest = try reader.readToEnd().map { String(decoding: $0, as: UTF8.self) }
      XCTAssertEqual(rest, "first\nsecond\n", "round \(round)")
    }
  }
}
