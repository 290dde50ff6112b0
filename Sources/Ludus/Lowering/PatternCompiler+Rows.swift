import Bytecode
import Core

/// From patterns to rows.
extension PatternCompiler {
  /// The row of a function's or loop's clause against arguments in the subjects.
  mutating func row(arguments clause: Clause) -> PatternRow {
    var row = row(of: clause)
    guard let sequence = clause.parameters else { return row }
    add(subjects: sequence, to: &row)
    return row
  }

  /// The row of a clause with a splat against the list of all arguments, subject 0.
  mutating func row(argumentList clause: Clause) -> PatternRow {
    var row = row(of: clause)
    if let sequence = clause.parameters { add(list: sequence, at: 0, to: &row) }
    return row
  }

  /// The row of a `match` or `receive` clause against subject 0.
  mutating func row(value clause: Clause) -> PatternRow {
    var row = row(of: clause)
    add(clause.pattern, at: 0, to: &row)
    return row
  }

  /// The row of a `match` on a tuple that was not built: its members are the subjects.
  /// - Returns: nil if the clause cannot match.
  mutating func row(members clause: Clause, count: Int) -> PatternRow? {
    var row = row(of: clause)
    switch clause.pattern {
    case .tuple(let sequence):
      guard sequence.fits(count) else { return nil }
      add(subjects: sequence, to: &row)
    case .ignore: break
    case .name(let name):
      if let binding = name.binding { row.names.append((binding, locations.number(.whole))) }
    default: return nil
    }
    return row
  }

  private func row(of clause: Clause) -> PatternRow {
    let builder = builder
    return PatternRow(scope: clause.scope, condition: clause.guardCondition) { builder.end(clause.body, $0) }
  }

  mutating func add(subjects sequence: SequencePattern, to row: inout PatternRow) {
    for (index, pattern) in sequence.members.enumerated() { add(pattern, at: index, to: &row) }
    if let binding = sequence.splat?.name?.binding {
      row.names.append((binding, locations.number(.subjects(sequence.members.count))))
    }
  }

  mutating func add(_ pattern: Pattern, at location: Int, to row: inout PatternRow) {
    switch pattern {
    case .literal(let node):
      row.demands.append(Demand(location: location, kind: .literal(node.value.constant.unsigned)))
    case .string(let node):
      row.demands.append(Demand(location: location, kind: .literal(.string(node.literal ?? ""))))
    case .ignore, .invalid: break
    case .name(let name):
      if let type = name.typeName.flatMap({ TypeCode(named: $0.name.text) }) {
        row.demands.append(Demand(location: location, kind: .type(type)))
      }
      if let binding = name.binding { row.names.append((binding, location)) }
    case .tuple(let sequence): add(tuple: sequence, at: location, to: &row)
    case .list(let sequence): add(list: sequence, at: location, to: &row)
    case .dict(let entries): add(entries, .dict, at: location, to: &row)
    case .structure(let entries): add(entries, .struct, at: location, to: &row)
    }
  }

  private mutating func add(tuple sequence: SequencePattern, at location: Int, to row: inout PatternRow) {
    let count = sequence.members.count
    let kind: Demand.Kind = sequence.splat == nil ? .tuple(count) : .tupleFrom(count)
    row.demands.append(Demand(location: location, kind: kind))
    for (index, pattern) in sequence.members.enumerated() where pattern.asksOrBinds {
      add(pattern, at: locations.number(.tupleMember(location, index)), to: &row)
    }
    if let binding = sequence.splat?.name?.binding {
      row.names.append((binding, locations.number(.tupleRest(location, count))))
    }
  }

  private mutating func add(list sequence: SequencePattern, at location: Int, to row: inout PatternRow) {
    let count = sequence.members.count
    let kind: Demand.Kind = sequence.splat == nil ? .list(count) : .listFrom(count)
    row.demands.append(Demand(location: location, kind: kind))
    for (index, pattern) in sequence.members.enumerated() where pattern.asksOrBinds {
      add(pattern, at: locations.number(.listMember(location, index)), to: &row)
    }
    if let binding = sequence.splat?.name?.binding {
      row.names.append((binding, locations.number(.listRest(location, count))))
    }
  }

  private mutating func add(
    _ entries: EntryPattern, _ type: TypeCode, at location: Int, to row: inout PatternRow
  ) {
    row.demands.append(Demand(location: location, kind: .type(type)))
    let keys = entries.entries.map(\.key.constant)
    for (entry, key) in zip(entries.entries, keys) {
      let member = locations.number(.key(location, key, isStruct: type == .struct))
      row.demands.append(Demand(location: member, kind: .present))
      add(entry.pattern, at: member, to: &row)
    }
    if let binding = entries.splat?.name?.binding {
      row.names.append((binding, locations.number(.dictRest(location, keys))))
    }
  }
}

extension Constant {
  /// One zero for both, as they are equal.
  fileprivate var unsigned: Constant {
    if case .number(0) = self { .number(0) } else { self }
  }
}

extension Pattern {
  /// False for what matches anything and binds nothing.
  var asksOrBinds: Bool {
    if case .ignore = self { false } else { true }
  }
}

extension TypeCode {
  init?(named name: String) {
    guard let type = TypeCode.allCases.first(where: { $0.name == name }) else { return nil }
    self = type
  }
}
