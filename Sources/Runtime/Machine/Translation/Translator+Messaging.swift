import Bytecode
import Lanes
import Memory
import Words

/// Messages and natives.
extension Translator {
  mutating func translateMessaging(_ opcode: Opcode, _ i: Instruction, _ at: Int) -> Bool {
    switch opcode {
    case .callNative: callNative(i, at)
    case .send: send(i, at)
    case .receiveStart where i.x == 0: receiveStart(at)
    case .receiveNext: receiveNext(i, at)
    case .receiveTake:
      assembler.move(.rdi, .rbx)
      call(Helpers.receiveTake)
    case .receiveWait: receiveWait(i, at)
    default: return false
    }
    return true
  }

  private mutating func callNative(_ i: Instruction, _ at: Int) {
    save(at)
    assembler.move(.rdi, .rbx)
    assembler.constant(.rsi, UInt64(i.c))
    assembler.address(.rdx, register(i.a))
    assembler.constant(.rcx, UInt64(i.b))
    call(Helpers.native)
    assembler.constant(.rcx, Word.request.bits)
    assembler.compute(.compare, .rax, .rcx)
    assembler.jump(nativeRequest(), if: .equal)
    assembler.loadSigned32(.r15, field(fields.reductions))
    putWord(i.a)
  }

  private mutating func send(_ i: Instruction, _ at: Int) {
    save(at)
    assembler.move(.rdi, .rbx)
    assembler.load(.rsi, register(i.b))
    assembler.load(.rdx, register(i.c))
    call(Helpers.send)
    assembler.loadSigned32(.r15, field(fields.reductions))
    assembler.test(.rax)
    assembler.jump(sendAnswer(at), if: .notEqual)
    assembler.load(.rax, register(i.c))
    putWord(i.a)
  }

  private mutating func receiveStart(_ at: Int) {
    assembler.compareByte(field(fields.cursor), with: ReceiveCursor.free.rawValue)
    assembler.jump(door(at), if: .notEqual)
    assembler.load(.rax, field(fields.firstMessage))
    assembler.constant(.rcx, 0)
    assembler.store(field(fields.seenMessage), .rcx)
    assembler.store(field(fields.beforeSeen), .rcx)
    assembler.store(field(fields.deadline), .rcx)
    assembler.store(field(fields.unseenMessage), .rax)
  }

  /// A plain message, or one that was looked at before, is put into the register and marked as seen (`Process.see`).
  private mutating func receiveNext(_ i: Instruction, _ at: Int) {
    let isThere = assembler.newLabel()
    let isPlain = assembler.newLabel()
    assembler.load(.rax, field(fields.unseenMessage))
    assembler.test(.rax)
    assembler.jump(isThere, if: .notEqual)
    compareInbox()
    assembler.jump(door(at), if: .above)
    assembler.jump(label(at + i.wide))
    assembler.place(isThere)
    assembler.compareByte(Place(.rax, MessageCell.kindOffset), with: Signal.message.rawValue)
    assembler.jump(door(at), if: .notEqual)
    assembler.load(.rcx, Place(.rax, MessageCell.valueOffset))
    assembler.compute(.compare, .rcx, .rbp)
    assembler.jump(isPlain, if: .aboveOrEqual)
    // An immortal object (`Word.isCollectablePointer`).
    assembler.testByte(.rcx, 2)
    assembler.jump(isPlain, if: .notEqual)
    knownObject(orElse: door(at))
    assembler.place(isPlain)
    assembler.load(.rdx, field(fields.seenMessage))
    assembler.store(field(fields.beforeSeen), .rdx)
    assembler.store(field(fields.seenMessage), .rax)
    assembler.load(.rax, Place(.rax, MessageCell.nextOffset))
    assembler.store(field(fields.unseenMessage), .rax)
    assembler.store(register(i.a), .rcx)
  }

  /// The object (rcx) of a message (rax) that was looked at before, and is no reply: those may have to be dropped
  /// (`Receiving.isForReceive`).
  private mutating func knownObject(orElse slow: Assembler.Label) {
    let isOther = assembler.newLabel()
    assembler.compareByte(Place(.rax, MessageCell.adoptionOffset), with: 0)
    assembler.jump(slow, if: .equal)
    assembler.move(.rdx, .rcx)
    assembler.compute(.and, .rdx, Self.addressBits)
    assembler.constant(.rsi, Header(.tuple, size: 3).bits)
    assembler.compare(Place(.rdx, 0), with: .rsi)
    assembler.jump(isOther, if: .notEqual)
    assembler.constant(.rsi, Keywords.reply.bits)
    assembler.compare(Place(.rdx, 8), with: .rsi)
    assembler.jump(slow, if: .equal)
    assembler.place(isOther)
  }

  /// Something new, or nothing and no limit.
  private mutating func receiveWait(_ i: Instruction, _ at: Int) {
    let target = label(at + i.wide)
    let waiting = waits(target: at + i.wide, live: i.a)
    assembler.compare(field(fields.unseenMessage), with: 0)
    assembler.jump(target, if: .notEqual)
    compareInbox()
    assembler.jump(target, if: .above)
    assembler.compare(field(fields.deadline), with: 0)
    assembler.jump(door(at), if: .notEqual)
    assembler.jump(waiting)
  }

  /// Sets the flags to `above` if the inbox holds something (`InboxStack.isEmpty`).
  private mutating func compareInbox() {
    assembler.compare(field(fields.inbox), with: UInt32(InboxStack.lastTag))
  }
}
