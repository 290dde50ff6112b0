import Memory
import Words
import XCTest

@testable import Runtime

/// Runs text tasks as natives do, and again in the shortest steps that there are: the results must be equal.
struct TextCalls {
  private let heap: Heap
  init(_ heap: Heap) { self.heap = heap }

  private func run<Task: TextTask>(_ make: () -> Task?) -> Word {
    checkSteps(make)
    guard var whole = make(), var sliced = make() else {
      XCTFail("there is no room")
      return .nil
    }
    var work = 0
    let expected = whole.step(heap, Int.max, &work)
    var result: Word?
    var steps = 0
    while result == nil && steps < 5_000_000 {
      var done = 0
      result = sliced.step(heap, 1, &done)
      steps += 1
    }
    guard let expected, let result else {
      XCTFail("the task does not end")
      return .nil
    }
    XCTAssertTrue(isEqual(expected, result), "\(Show.text(expected)) but in steps \(Show.text(result))")
    return result
  }

  /// No step does more than twice what it may, as the tasks count it.
  private func checkSteps<Task: TextTask>(_ make: () -> Task?) {
    guard var task = make() else { return }
    var done = 0
    var result: Word?
    repeat {
      done = 0
      result = task.step(heap, SlicedWork.stepWork, &done)
      XCTAssertLessThan(done, 2 * SlicedWork.stepWork, "\(Task.self)")
    } while result == nil
  }

  private func isEqual(_ x: Word, _ y: Word) -> Bool {
    var work = Work()
    return Equality.equal(x, y, &work)
  }

  func concat(_ x: Word, _ y: Word) -> Word {
    let (a, b) = (StringView(x), StringView(y))
    return run {
      TextAssembly(
        heap, bytes: a.byteCount + b.byteCount, scalars: a.scalarCount + b.scalarCount,
        [.copy(a, 0..<a.byteCount), .copy(b, 0..<b.byteCount)])
    }
  }

  func join(_ strings: Word, _ separator: Word) -> Word {
    if strings == .emptyList { return Text.empty }
    var work = 0
    let short = Text.joinShort(heap, strings, separator, &work)
    let long = run { TextJoin(strings, StringView(separator)) }
    XCTAssertTrue(short == .absent || isEqual(short, long))
    return long
  }

  func repeated(_ s: Word, _ n: Int) -> Word {
    var work = 0
    if n == 0 { return Text.empty }
    let short = Text.repeatShort(heap, StringView(s), n, &work)
    let long = n == 1 ? s : run { TextAssembly(heap, repeating: StringView(s), n) }
    XCTAssertTrue(isEqual(short, long))
    return long
  }

  func padded(_ s: Word, _ n: Int, _ fill: Word, atStart: Bool) -> Word {
    let (text, filling) = (StringView(s), StringView(fill))
    guard n > text.scalarCount, filling.byteCount > 0 else { return s }
    var work = 0
    let short = Text.padShort(heap, text, n, filling, atStart: atStart, &work)
    let long = run { TextPad(text, n, filling, atStart: atStart) }
    XCTAssertTrue(isEqual(short, long))
    return long
  }

  func slice(_ s: Word, _ start: Int, _ end: Int) -> Word {
    let (low, high) = (max(start, 0), min(end, StringView(s).scalarCount))
    return low < high ? run { TextSlice(StringView(s), low, high) } : Text.empty
  }

  func at(_ s: Word, _ n: Int) -> Word {
    n >= 0 && n < StringView(s).scalarCount ? run { TextSlice(StringView(s), n, n + 1) } : .nil
  }

  func split(_ s: Word, _ separator: Word) -> Word {
    run { TextSplit(heap, StringView(s), StringView(separator)) }
  }
  func lines(_ s: Word) -> Word { run { TextSplit(heap, StringView(s), nil) } }
  func words(_ s: Word) -> Word { run { TextWords(heap, StringView(s)) } }

  func trim(_ s: Word, atStart: Bool, atEnd: Bool) -> Word {
    run { TextTrim(StringView(s), atStart: atStart, atEnd: atEnd) }
  }

  func replace(_ s: Word, _ old: Word, _ new: Word) -> Word {
    run { TextMaking(TextReplace(StringView(s), StringView(old), StringView(new))) }
  }

  func reverse(_ s: Word) -> Word { run { TextReverse(heap, StringView(s)) } }
  func upcase(_ s: Word) -> Word { mapped(s, .upcase) }
  func downcase(_ s: Word) -> Word { mapped(s, .downcase) }
  func strip(_ s: Word) -> Word { mapped(s, .strip) }

  private func mapped(_ s: Word, _ change: TextMapping.Change) -> Word {
    let text = StringView(s)
    let mapped = run { TextMaking(TextMapping(text, change)) }
    if text.isASCII && change != .strip {
      let ascii = run { TextASCIICase(heap, text, up: change == .upcase) }
      XCTAssertTrue(StringView(ascii).equals(StringView(mapped)))
    }
    return mapped
  }

  func show(_ value: Word) -> Word { run { TextShowOne(value) } }

  /// What `string` gives: a list's members, separated.
  func string(_ members: [Word], separator: Word) -> Word {
    let list = Lists.make(heap, count: members.count) { members[$0] }
    return run { TextShow(MemberCursor(ordered: list), separator: separator) }
  }

  func indexOf(_ s: Word, _ needle: Word) -> Word {
    run { TextFind(StringView(s), StringView(needle), wantsIndex: true) }
  }

  func contains(_ s: Word, _ needle: Word) -> Bool {
    run { TextFind(StringView(s), StringView(needle), wantsIndex: false) } == .true
  }

  func startsWith(_ s: Word, _ prefix: Word) -> Bool {
    run { TextComparison(StringView(s), StringView(prefix), at: 0) } == .true
  }

  func endsWith(_ s: Word, _ suffix: Word) -> Bool {
    let start = StringView(s).byteCount - StringView(suffix).byteCount
    return run { TextComparison(StringView(s), StringView(suffix), at: start) } == .true
  }
}
