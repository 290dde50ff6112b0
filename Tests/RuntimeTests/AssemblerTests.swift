import XCTest

@testable import Runtime

/// Machine code, byte by byte. The bytes are those of LLVM's assembler for the text beside them.
final class AssemblerTests: XCTestCase {
  private static let lines: [(text: String, bytes: String, write: @Sendable (inout Assembler) -> Void)] = [
    ("mov rbx, rdi", "48 89 fb", { $0.move(.rbx, .rdi) }),
    ("mov r14, rax", "49 89 c6", { $0.move(.r14, .rax) }),
    ("mov rax, qword ptr [r14 + 8]", "49 8b 46 08", { $0.load(.rax, Place(.r14, 8)) }),
    ("mov r15, qword ptr [r13]", "4d 8b 7d 00", { $0.load(.r15, Place(.r13, 0)) }),
    ("mov rcx, qword ptr [r12 + 8]", "49 8b 4c 24 08", { $0.load(.rcx, Place(.r12, 8)) }),
    ("mov rdx, qword ptr [rsp]", "48 8b 14 24", { $0.load(.rdx, Place(.rsp, 0)) }),
    ("mov qword ptr [rbx + 1024], r12", "4c 89 a3 00 04 00 00", { $0.store(Place(.rbx, 1024), .r12) }),
    ("movsxd r15, dword ptr [rbx]", "4c 63 3b", { $0.loadSigned32(.r15, Place(.rbx, 0)) }),
    ("movzx ecx, byte ptr [rbx + 100]", "0f b6 4b 64", { $0.loadByte(.rcx, Place(.rbx, 100)) }),
    ("mov dword ptr [rbx], r15d", "44 89 3b", { $0.store32(Place(.rbx, 0), .r15) }),
    ("mov word ptr [rbx + 8], cx", "66 89 4b 08", { $0.store16(Place(.rbx, 8), .rcx) }),
    ("lea rax, [r14 + 48]", "49 8d 46 30", { $0.address(.rax, Place(.r14, 48)) }),
    ("mov eax, 7", "b8 07 00 00 00", { $0.constant(.rax, 7) }),
    ("movabs r13, 562949953421312", "49 bd 00 00 00 00 00 00 02 00", { $0.constant(.r13, 1 << 49) }),
    ("push r12", "41 54", { $0.push(.r12) }),
    ("push rbx", "53", { $0.push(.rbx) }),
    ("pop r15", "41 5f", { $0.pop(.r15) }),
    ("add rax, r13", "4c 01 e8", { $0.compute(.add, .rax, .r13) }),
    ("or rax, rcx", "48 09 c8", { $0.compute(.or, .rax, .rcx) }),
    ("and rdx, r12", "4c 21 e2", { $0.compute(.and, .rdx, .r12) }),
    ("sub r14, rcx", "49 29 ce", { $0.compute(.subtract, .r14, .rcx) }),
    ("cmp rax, rbp", "48 39 e8", { $0.compute(.compare, .rax, .rbp) }),
    ("cmp rax, qword ptr [rbx + 48]", "48 3b 43 30", { $0.compute(.compare, .rax, Place(.rbx, 48)) }),
    ("sub rcx, qword ptr [rbx + 56]", "48 2b 4b 38", { $0.compute(.subtract, .rcx, Place(.rbx, 56)) }),
    ("add r14, 24", "49 83 c6 18", { $0.compute(.add, .r14, 24) }),
    ("and rax, -17", "48 83 e0 ef", { $0.compute(.and, .rax, -17) }),
    ("add r14, 4096", "49 81 c6 00 10 00 00", { $0.compute(.add, .r14, 4096) }),
    ("sub r15d, 1", "41 83 ef 01", { $0.compute32(.subtract, .r15, 1) }),
    ("cmp eax, 3", "83 f8 03", { $0.compute32(.compare, .rax, 3) }),
    ("cmp qword ptr [r14 + 16], rbp", "49 39 6e 10", { $0.compare(Place(.r14, 16), with: .rbp) }),
    ("cmp dword ptr [rax + 4], 2", "83 78 04 02", { $0.compare32(Place(.rax, 4), with: 2) }),
    ("cmp byte ptr [rax + 1], 0", "80 78 01 00", { $0.compareByte(Place(.rax, 1), with: 0) }),
    ("cmp qword ptr [rbx + 32], 3", "48 83 7b 20 03", { $0.compare(Place(.rbx, 32), with: 3) }),
    ("test byte ptr [rcx - 4], 1", "f6 41 fc 01", { $0.testByte(Place(.rcx, -4), 1) }),
    ("test cl, 2", "f6 c1 02", { $0.testByte(.rcx, 2) }),
    ("test rcx, rcx", "48 85 c9", { $0.test(.rcx) }),
    ("shl rcx, 3", "48 c1 e1 03", { $0.shiftLeft(.rcx, 3) }),
    ("shr rdx, 48", "48 c1 ea 30", { $0.shiftRight(.rdx, 48) }),
    ("sete al", "0f 94 c0", { $0.set(.rax, if: .equal) }),
    ("seta cl", "0f 97 c1", { $0.set(.rcx, if: .above) }),
    ("movq xmm1, rax", "66 48 0f 6e c8", { $0.move(.xmm1, .rax) }),
    ("movq r9, xmm0", "66 49 0f 7e c1", { $0.move(.r9, .xmm0) }),
    ("addsd xmm0, xmm1", "f2 0f 58 c1", { $0.compute(.add, .xmm0, .xmm1) }),
    ("subsd xmm1, xmm0", "f2 0f 5c c8", { $0.compute(.subtract, .xmm1, .xmm0) }),
    ("mulsd xmm2, xmm0", "f2 0f 59 d0", { $0.compute(.multiply, .xmm2, .xmm0) }),
    ("divsd xmm0, xmm2", "f2 0f 5e c2", { $0.compute(.divide, .xmm0, .xmm2) }),
    ("ucomisd xmm0, xmm1", "66 0f 2e c1", { $0.compare(.xmm0, .xmm1) }),
    ("jmp qword ptr [rax + 134217728]", "ff a0 00 00 00 08", { $0.jump(through: Place(.rax, 134_217_728)) }),
    ("call rcx", "ff d1", { $0.call(.rcx) }),
    ("call r11", "41 ff d3", { $0.call(.r11) }),
    ("call qword ptr [rcx + 8]", "ff 51 08", { $0.call(through: Place(.rcx, 8)) }),
    ("ret", "c3", { $0.returnToCaller() }),
    ("lea rcx, [rax + rax]", "48 8d 0c 00", { $0.double(.rcx, .rax) }),
    ("lea r9, [r13 + r13]", "4f 8d 4c 2d 00", { $0.double(.r9, .r13) }),
    ("or al, byte ptr [rbx + 100]", "0a 43 64", { $0.computeByte(.or, .rax, Place(.rbx, 100)) }),
    ("mov ecx, dword ptr [rdi + 12]", "8b 4f 0c", { $0.load32(.rcx, Place(.rdi, 12)) }),
    (
      "mov rax, qword ptr [rax + 8*rdx + 8]", "48 8b 44 d0 08", { $0.load(.rax, Place(.rax, 8), index: .rdx) }
    ),
    (
      "mov rcx, qword ptr [rdi + 8*rsi - 16]", "48 8b 4c f7 f0",
      { $0.load(.rcx, Place(.rdi, -16), index: .rsi) }
    ),
    (
      "mov qword ptr [rax + 8*rcx + 8], rsi", "48 89 74 c8 08",
      { $0.store(Place(.rax, 8), index: .rcx, .rsi) }
    ),
    ("shr rsi, cl", "48 d3 ee", { $0.shiftRightByCount(.rsi) }),
    ("div rcx", "48 f7 f1", { $0.divide(by: .rcx) }),
    ("div ecx", "f7 f1", { $0.divide32(by: .rcx) }),
    ("cvttsd2si rdx, xmm1", "f2 48 0f 2c d1", { $0.truncate(.rdx, .xmm1) }),
    ("cvtsi2sd xmm1, rdx", "f2 48 0f 2a ca", { $0.convert(.xmm1, .rdx) }),
    ("minsd xmm0, xmm1", "f2 0f 5d c1", { $0.compute(.minimum, .xmm0, .xmm1) }),
    ("maxsd xmm0, xmm1", "f2 0f 5f c1", { $0.compute(.maximum, .xmm0, .xmm1) }),
    ("ud2", "0f 0b", { $0.trap() }),
  ]

  func testEncodings() {
    for line in Self.lines { XCTAssertEqual(hex(line.write), line.bytes, line.text) }
  }

  /// Forward and backward, from the end of the jump.
  func testJumps() {
    let bytes = hex { assembler in
      let ahead = assembler.newLabel()
      let behind = assembler.newLabel()
      assembler.place(behind)
      assembler.jump(ahead, if: .below)
      assembler.jump(behind)
      assembler.place(ahead)
      assembler.jump(behind, if: .unordered)
      assembler.call(behind)
      assembler.address(.rdx, of: ahead)
    }
    XCTAssertEqual(
      bytes, "0f 82 05 00 00 00 e9 f5 ff ff ff 0f 8a ef ff ff ff e8 ea ff ff ff 48 8d 15 ee ff ff ff")
  }

  /// Words of the code itself.
  func testConstants() {
    let bytes = hex { assembler in
      let place = assembler.newLabel()
      assembler.compute(.compare, .rax, place)
      assembler.compute(.add, .xmm1, place)
      assembler.load(.xmm2, place)
      assembler.returnToCaller()
      assembler.align(8)
      assembler.place(place)
      assembler.word(0x0102_0304_0506_0708)
    }
    XCTAssertEqual(
      bytes,
      "48 3b 05 11 00 00 00 f2 0f 58 0d 09 00 00 00 f2 0f 10 15 01 00 00 00 c3 08 07 06 05 04 03 02 01")
  }

  /// What is at a fixed address is named by its distance from the end of the instruction.
  func testNearAddresses() {
    XCTAssertEqual(hex { $0.address(.rax, near: 0x1000) }, "48 8d 05 f9 ff ff ff")
    XCTAssertEqual(hex { $0.jump(near: 0x1000) }, "e9 fb ff ff ff")
    XCTAssertEqual(hex { $0.call(near: 0x1000) }, "e8 fb ff ff ff")
    XCTAssertEqual(hex { $0.jump(near: 0x1106, if: .equal) }, "0f 84 00 01 00 00")
  }

  func testLabelsHaveAddresses() {
    var assembler = Assembler(base: 0x1000, capacity: 16)
    let labels = assembler.newLabels(2)
    assembler.trap()
    assembler.place(labels[1])
    XCTAssertFalse(assembler.isPlaced(labels[0]))
    XCTAssertTrue(assembler.isPlaced(labels[1]))
    XCTAssertEqual(assembler.address(of: labels[1]), 0x1002)
  }

  /// The bytes that are written at address 0x1000.
  private func hex(_ write: (inout Assembler) -> Void) -> String {
    var assembler = Assembler(base: 0x1000, capacity: 16)
    write(&assembler)
    assembler.resolve()
    let digits = Array("0123456789abcdef")
    return assembler.bytes.map { "\(digits[Int($0 >> 4)])\(digits[Int($0 & 15)])" }.joined(separator: " ")
  }
}
