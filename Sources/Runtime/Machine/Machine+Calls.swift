import Bytecode
import Memory
import Words

extension Machine {
  /// The link for a call with window `w` that returns to `address` (F2).
  @inline(__always) static func link(_ address: UnsafePointer<UInt64>, window: Int) -> UInt64 {
    UInt64(UInt(bitPattern: address)) | UInt64(truncatingIfNeeded: window &+ 2) << 48
  }

  /// Enters the procedure at `code` with the frame at `newFrame`: charges the call and makes sure that the frame fits.
  @inline(__always) mutating func enter(
    _ code: UnsafePointer<UInt64>, _ newFrame: UnsafeMutablePointer<UInt64>
  ) -> Step {
    unsafe pc = code
    unsafe frame = newFrame
    return enterChecked()
  }

  /// The check at a procedure's entry: `pc` is its first instruction. A collection that was requested shows as a block
  /// without room.
  @inline(__always) mutating func enterChecked() -> Step {
    reductions &-= 1
    // The frame's size stands in the lowest 16 bits of the word before the code.
    let size = unsafe UInt(UnsafeRawPointer(pc).load(fromByteOffset: -8, as: UInt16.self))
    let end = unsafe UInt(bitPattern: frame) &+ size &* 8
    if unsafe reductions < 0 || end > process.block.pointee.heap.top { return .entry }
    if unsafe end > process.block.pointee.heap.stackTop { unsafe process.block.pointee.heap.stackTop = end }
    return .next
  }

  @inline(__always) mutating func callDirect(_ i: Operands) -> Step {
    let code = unsafe UnsafePointer<UInt64>(bitPattern: UInt(second)).unsafelyUnwrapped
    let w = i.a
    unsafe frame[w] = Machine.link(pc + 2, window: w)
    return unsafe enter(code, frame + (w &+ 1))
  }

  /// The sum of three is the everyday case.
  @inline(__always) mutating func computeOrCall(_ i: Operands) -> Step {
    let w = i.a
    if i.x == 0 {
      let (x, y, z) = (get(w &+ 1), get(w &+ 2), get(w &+ 3))
      guard x.isNumber, y.isNumber, z.isNumber else { return slowly(SlowPaths.callDirect) }
      set(w, Word(x.number + y.number + z.number))
      return advance(2)
    }
    let result = unsafe SlowPaths.compute(i.x, frame + w + 1)
    if result == .request { return slowly(SlowPaths.callDirect) }
    set(w, result)
    return advance(2)
  }

  @inline(__always) mutating func tailCallDirect(_ i: Operands) -> Step {
    let code = unsafe UnsafePointer<UInt64>(bitPattern: UInt(second)).unsafelyUnwrapped
    moveArguments(i)
    return unsafe enter(code, frame)
  }

  /// Moves the `b` arguments behind register `a` to the start of the frame. They move down, so in ascending order.
  @inline(__always) func moveArguments(_ i: Operands) {
    let count = i.b
    let source = i.a &+ 1
    var k = 0
    while k < count {
      unsafe frame[k] = frame[source &+ k]
      k &+= 1
    }
  }

  @inline(__always) mutating func call(_ i: Operands) -> Step {
    let w = i.a
    let n = i.b
    let callee = get(w)
    let code = directCode(callee, n)
    if code == 0 { return slowly(SlowPaths.callOther) }
    let entry = CodeEntry(unsafe: code)
    if entry.needsClosure { set(w &+ 1 &+ n, callee) }
    unsafe frame[w] = Machine.link(pc + 1, window: w)
    return unsafe enter(entry.code, frame + w + 1)
  }

  @inline(__always) mutating func tailCall(_ i: Operands) -> Step {
    let n = i.b
    let callee = get(i.a)
    let code = directCode(callee, n)
    if code == 0 { return slowly(SlowPaths.tailCallOther) }
    let entry = CodeEntry(unsafe: code)
    moveArguments(i)
    if entry.needsClosure { set(n, callee) }
    return unsafe enter(entry.code, frame)
  }

  /// The code of a function or closure for `n` arguments; 0: something else must be done.
  @inline(__always) func directCode(_ callee: Word, _ n: Int) -> UInt {
    guard n < 8 else { return 0 }
    if callee.isImmediate(.function) {
      return unsafe UInt(FunctionInfo(index: callee.immediateValue).record[n])
    }
    if callee.isObject(.closure) {
      return unsafe UInt(FunctionInfo(index: HeapObject(callee).raw(0)).record[n])
    }
    return 0
  }

  @inline(__always) mutating func returnValue(_ i: Operands) -> Step { leave(with: get(i.a)) }

  /// Returns to the caller, whose window takes the value (F2).
  @inline(__always) mutating func leave(with value: Word) -> Step {
    let link = unsafe frame[-1]
    unsafe frame[-1] = value.bits
    unsafe frame += 1 &- Int(link >> 48)
    unsafe pc = UnsafePointer(bitPattern: UInt(link & StackMarks.addressMask)).unsafelyUnwrapped
    return .next
  }

  @inline(__always) mutating func callNative(_ i: Operands) -> Step {
    save()
    let result = unsafe SlowPaths.runNative(process, i.c, frame + i.a, i.b)
    reductions = unsafe process.block.pointee.reductions
    if result == .request { return answer(SlowPaths.nativeRequest(process, fetch())) }
    set(i.a, result)
    return advance()
  }
}
