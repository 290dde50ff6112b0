import Bytecode
import Memory
import Words

extension TypeCode {
  /// The type of a value. Types are declared in the order of values (`Ordering`).
  static func of(_ word: Word) -> TypeCode {
    if word.isNumber { return .number }
    if word.isPointer { return of(HeapObject(word).kind) }
    switch word.immediateTag {
    case .keyword: return .keyword
    case .pid: return .pid
    case .token: return .token
    case .function: return .fn
    case .ref: return .ref
    case .constant, .raw: return ofConstant(word)
    }
  }

  private static func ofConstant(_ word: Word) -> TypeCode {
    switch word {
    case .false, .true: .boolean
    case .emptyTuple: .tuple
    case .emptyList: .list
    case .emptySet: .set
    case .emptyDict: .dict
    case .emptyStruct: .struct
    default: .nil
    }
  }

  private static func of(_ kind: ObjectKind) -> TypeCode {
    switch kind {
    case .tuple: .tuple
    case .list, .listBranch, .listLeaf: .list
    case .smallDict, .dict, .dictNode, .dictCollision: .dict
    case .smallSet, .set, .setNode, .setCollision: .set
    case .structure: .struct
    case .namespace: .ns
    case .string: .string
    case .closure, .partial, .environment, .blob: .fn
    }
  }
}
