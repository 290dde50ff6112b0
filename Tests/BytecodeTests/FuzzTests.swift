import Bytecode
import XCTest

/// Seeds are printed; `LUDI_FUZZ_SECONDS` says how long, `LUDI_FUZZ_SEED` where to begin.
final class FuzzTests: XCTestCase {
  func testFuzzModulesRoundTrip() {
    fuzz("modules") { random in
      var maker = ImageMaker(seed: random.next(), isWild: random.chance(2))
      let image = maker.image()
      try self.check(try ModuleFile.image(from: ModuleFile.bytes(of: image)) == image, "file")
      let text = try Disassembler.text(of: image)
      try self.check(try Assembler.assemble(text, verifies: false) == image, "text:\n\(text)")
    }
  }

  /// Also counts, so that a generator that makes nothing valid is noticed.
  func testFuzzVerifiedCodeKeepsItsPromises() {
    var passed = 0
    fuzz("verified code") { random in
      var maker = ImageMaker(seed: random.next(), isWild: random.chance(8))
      var image = maker.image()
      if random.chance(2) { self.mutate(&image, &random) }
      guard (try? Verifier.verify(image)) != nil else { return }
      passed += 1
      for index in image.procedures.indices {
        var walker = PathWalker(image, index)
        for _ in 0..<20 {
          if let wrong = walker.walk(steps: 60, &random) {
            throw FuzzFailure("\(wrong) in\n\(try Disassembler.text(of: image))")
          }
        }
      }
    }
    XCTAssertGreaterThan(passed, 10)
  }

  func testFuzzModuleFiles() {
    fuzz("module files") { random in
      var maker = ImageMaker(seed: random.next(), isWild: false)
      var bytes = ModuleFile.bytes(of: maker.image())
      if random.chance(8) { bytes = (0..<random.below(200)).map { _ in UInt8(random.below(256)) } }
      self.mutate(&bytes, &random)
      if random.chance(8) == false { ModuleFile.seal(&bytes) }
      guard let image = try? ModuleFile.image(from: bytes) else { return }
      _ = try? Verifier.verify(image)
      _ = try? Disassembler.text(of: image)
    }
  }

  func testFuzzAssembly() throws {
    let sample = Array(sampleText.utf8)
    let words = sampleText.split { " \n,".contains($0) }.map { Array($0.utf8) }
    fuzz("assembly") { random in
      var text = sample
      switch random.below(3) {
      case 0: text = (0..<random.below(200)).map { _ in UInt8(random.below(256)) }
      case 1:
        for _ in 0..<1 + random.below(4) {
          let place = random.below(text.count)
          let end = min(text.count, place + random.below(12))
          text.replaceSubrange(place..<end, with: random.pick(words))
        }
      default: self.mutate(&text, &random)
      }
      guard let image = try? Assembler.assemble(text, verifies: random.chance(2)) else { return }
      let again = try Disassembler.text(of: image)
      try self.check(try Assembler.assemble(again, verifies: false) == image, again)
    }
  }

  // MARK: Damage

  private func mutate(_ bytes: inout [UInt8], _ random: inout SeededRandom) {
    for _ in 0..<1 + random.below(4) where !bytes.isEmpty {
      let place = random.below(bytes.count)
      switch random.below(5) {
      case 0: bytes[place] = UInt8(random.below(256))
      case 1: bytes[place] ^= 1 << UInt8(random.below(8))
      case 2: bytes.remove(at: place)
      case 3: bytes.insert(random.pick([0, 0x7F, 0x80, 0xFF]), at: place)
      default: bytes.removeLast(random.below(min(bytes.count, 20)))
      }
    }
  }

  /// Changes some bits of some words.
  private func mutate(_ image: inout CodeImage, _ random: inout SeededRandom) {
    for _ in 0..<1 + random.below(3) {
      let index = random.below(image.procedures.count)
      let place = random.below(image.procedures[index].code.count)
      let old = image.procedures[index].code[place].bits
      let low = random.chance(2) ? UInt64(1) << UInt64(random.below(64)) : UInt64(random.below(4)) << 32
      image.procedures[index].code[place] = Instruction(bits: old ^ low)
    }
  }

  private func check(_ condition: Bool, _ message: String) throws {
    if !condition { throw FuzzFailure(message) }
  }
}

struct FuzzFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
