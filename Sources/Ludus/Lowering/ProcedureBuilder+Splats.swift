import Bytecode
import Core

/// Collection literals with `...name` in them: parts are made and put together by the Prelude.
extension ProcedureBuilder {
  func spliced(_ node: CollectionNode) -> Atom {
    var parts: [Atom] = []
    var members: [Atom] = []
    let isList = node.kind == .list
    for member in node.members {
      switch member {
      case .value(let expression): members.append(value(expression))
      case .splat(let use):
        if !members.isEmpty || parts.isEmpty {
          parts.append(collection(node.kind, members, place(node.range)))
          members = []
        }
        parts.append(splat(use, isList ? .list : .set))
      }
    }
    if !members.isEmpty { parts.append(collection(node.kind, members, place(node.range))) }
    return call(named: "concat", parts, place(node.range))
  }

  func spliced(_ node: DictionaryNode) -> Atom {
    var parts: [Atom] = []
    var pairs: [AtomPair] = []
    for entry in node.entries {
      switch entry {
      case .pair(let key, let expression): pairs.append(AtomPair(.constant(key.constant), value(expression)))
      case .splat(let use):
        if !pairs.isEmpty || parts.isEmpty {
          parts.append(dictionary(.dict, pairs, place(node.range)))
          pairs = []
        }
        parts.append(splat(use, .dict))
      }
    }
    if !pairs.isEmpty { parts.append(dictionary(.dict, pairs, place(node.range))) }
    return call(named: "merge", parts, place(node.range))
  }

  /// The value of a splat, which must be of the literal's own type.
  private func splat(_ use: NameUse, _ type: TypeCode) -> Atom {
    let place = place(use.range)
    let atom = value(of: use)
    let refused = block {
      let shown = call(named: "show", [atom], place)
      let text = Constant.string("a splat in a \(type.name) wants a \(type.name), but got")
      return .return(call(named: "panic!", [.constant(text), shown], place))
    }
    check(.type(atom, type), place, else: refused)
    return atom
  }
}
