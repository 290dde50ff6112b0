import Bytecode

/// What the machine dispatches on: the instructions of the bytecode under their own numbers, and behind them those that only
/// the loader makes. The latter do the work of an instruction in a form that is known to be common, or of two instructions
/// in a row (`Fusion`). Only the first byte of a code word is another one: all operands, second words and addresses stay,
/// so that a jump between the two instructions, a return and a slow path find the code as the verifier has seen it.
enum MachineCode: UInt8, CaseIterable {
  case move, loadConstant, loadInteger, loadGlobal, storeGlobal, loadCapture, makeEnvironment,
    loadEnvironment, storeEnvironment, makeClosure, makePartial, call, tailCall, callDirect,
    tailCallDirect, computeOrCall, callNative, `return`, jump, loop, jumpIfFalsy, jumpIfTruthy,
    jumpUnlessSame, jumpUnlessZero, jumpUnlessEqual, jumpUnlessType, jumpUnlessTuple, openTuple,
    jumpUnlessTupleFrom, jumpUnlessList, jumpUnlessListFrom, jumpUnlessEqualTo, jumpUnlessLess,
    jumpUnlessLessOrEqual, tupleMember, listMember, tupleRest, listRest, dictFind, structFind, dictRest,
    loadKey, makeTuple, makeList, makeSet, makeDict, makeStruct, makeNamespace, interpolate, add,
    subtract, multiply, divide, addInteger, modulo, quotient, less, lessOrEqual, equal, not, at, count,
    first, rest, append, selfPid, send, receiveStart, receiveNext, receiveTake, receiveWait, receiveHold,
    receiveResume, panicNoMatch, panicNoClause, panicNoWhen, checkCount, extend

  // MARK: One instruction
  /// `makeTuple` and `openTuple` of two and three members.
  case makePair, makeTriple, openPair, openTriple
  /// `jumpUnlessList` of no member, and `jumpUnlessListFrom` of one.
  case jumpUnlessEmptyList, jumpUnlessFullList

  // MARK: Two instructions
  case moveAndMove, moveAndCall, moveAndLoop
  case loadIntegerAndReturn, loadConstantAndReturn
  case addIntegerAndCall, addIntegerAndLoop
  case addAndReturn, addAndLoop
  case sumAndReturn
  case makePairAndReturn
  /// The jump is `jumpUnlessSame`.
  case openPairAndJump, openTripleAndJump
}
