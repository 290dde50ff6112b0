import Bytecode
import Core

/// Compiles clauses with patterns to tests on values that sit in registers.
///
/// Clauses are rows of demands on locations (a subject, a member of one, …). The first demand of the first row
/// is tested; rows with the same demand share the test, and rows that it excludes are skipped when it held. No row
/// is ever copied, so that the code is as long as the patterns are.
struct PatternCompiler {
  let builder: ProcedureBuilder
  var locations: Locations

  /// - Parameter subjects: the values that the rows make demands on, locations 0, 1, …
  init(_ builder: ProcedureBuilder, subjects: [Atom]) {
    self.builder = builder
    locations = Locations(subjects)
  }

  /// Tries the rows in order; `fail` is built where none matches.
  mutating func run(
    _ rows: [PatternRow], place: Place, to destination: Destination, fail: () -> End
  ) -> End {
    let label = builder.newLabel()
    builder.join(label) { compile(rows, place, destination, fail: label) }
    return fail()
  }

  private mutating func compile(
    _ rows: [PatternRow], _ place: Place, _ destination: Destination, fail: Label
  ) -> End {
    var rows = rows[...]
    while let row = rows.first {
      guard let demand = row.demands.first else {
        guard let condition = row.condition else { return succeed(row, destination) }
        rows.removeFirst()
        let next = rows.isEmpty ? fail : builder.newLabel()
        if rows.isEmpty { return guarded(row, condition, destination, else: next) }
        nested(next) { $0.guarded(row, condition, destination, else: next) }
        continue
      }
      if let run = LiteralRun(rows) {
        rows = rows.dropFirst(run.count)
        let after = rows.isEmpty ? fail : builder.newLabel()
        if rows.isEmpty { return dispatch(run, place, destination, after: after) }
        prepare(demand, place)
        nested(after) { $0.dispatch(run, place, destination, after: after) }
        continue
      }
      let split = PatternSplit(rows, by: demand)
      if split.others.isEmpty {
        require(demand, split, place, else: fail)
        rows = split.taken[...]
        continue
      }
      prepare(demand, place)
      let next = builder.newLabel()
      nested(next) { compiler in
        let elided = compiler.require(demand, split, place, else: next)
        return compiler.compile(
          split.taken, place, destination, fail: split.isExclusive && !elided ? fail : next)
      }
      rows = split.others
    }
    return .jump(fail, [], place)
  }

  /// Tries the literals one after another: where one held, what is left of its rows is all that may match.
  private mutating func dispatch(
    _ run: LiteralRun, _ place: Place, _ destination: Destination, after: Label
  ) -> End {
    let atom = locations.fetch(run.location, builder, place)
    for (literal, rows) in run.groups {
      let next = builder.newLabel()
      nested(next) { compiler in
        compiler.builder.require(.constant(atom, literal), place, else: next)
        return compiler.compile(rows, place, destination, fail: after)
      }
    }
    return .jump(after, [], place)
  }

  /// Builds a join whose body's knowledge is forgotten behind it.
  private mutating func nested(_ label: Label, _ body: (inout PatternCompiler) -> End) {
    let known = locations.known
    builder.join(label) { body(&self) }
    locations.known = known
  }

  private mutating func guarded(
    _ row: PatternRow, _ condition: Expression, _ destination: Destination, else next: Label
  ) -> End {
    bindNames(row)
    let place = builder.place(condition.range)
    func then() -> End { row.body(destination) }
    func otherwise() -> End { .jump(next, [], place) }
    guard row.isReceiving, builder.mayReceive(condition) else {
      return builder.condition(condition, then: then, else: otherwise)
    }
    // What the guard calls may receive messages of its own, while this one waits.
    let held = builder.bind(.hold, place)
    let value = builder.value(condition)
    builder.effect(.resume(held), place)
    return builder.branch(.truthy(value), place, then, otherwise)
  }

  private mutating func succeed(_ row: PatternRow, _ destination: Destination) -> End {
    bindNames(row)
    return row.body(destination)
  }

  private mutating func bindNames(_ row: PatternRow) {
    builder.enter(row.scope)
    for (binding, location) in row.names where binding.isUsed || row.bindsAll {
      builder.define(binding, locations.fetch(location, builder, builder.place(binding.range)))
    }
  }

  /// Checks demands one after another; `fail` ends a block where one does not hold.
  mutating func check(_ demands: [Demand], _ place: Place, fail: () -> End) {
    for (index, demand) in demands.enumerated() {
      if index + 1 < demands.count, implies(demands[index + 1], demand) { continue }
      prepare(demand, place)
      let otherwise = builder.block(fail)
      if let (test, variable) = keyTest(demand.location, place) {
        builder.check(test, place, else: otherwise)
        locations.known[demand.location] = .local(variable)
      } else {
        let atom = locations.fetch(demand.location, builder, place)
        builder.check(demand.kind.test(atom), place, else: otherwise)
      }
    }
  }

  // MARK: Tests

  /// Fetches what the test looks at, so that it is there for the rows behind, too.
  private mutating func prepare(_ demand: Demand, _ place: Place) {
    if case .present = demand.kind {
      _ = locations.fetch(locations.parent(of: demand.location), builder, place)
    } else {
      _ = locations.fetch(demand.location, builder, place)
    }
  }

  /// - Returns: whether the test was left to the next one, which implies it.
  @discardableResult
  private mutating func require(
    _ demand: Demand, _ split: PatternSplit, _ place: Place, else label: Label
  ) -> Bool {
    if isImplied(demand, split) { return true }
    prepare(demand, place)
    if case .present = demand.kind, let (test, variable) = keyTest(demand.location, place) {
      builder.require(test, place, else: label)
      locations.known[demand.location] = .local(variable)
    } else {
      let atom = locations.fetch(demand.location, builder, place)
      builder.require(demand.kind.test(atom), place, else: label)
    }
    return false
  }

  private func isImplied(_ demand: Demand, _ split: PatternSplit) -> Bool {
    guard split.taken.count == 1, let next = split.taken[0].demands.first else { return false }
    return implies(next, demand)
  }

  /// Finding a key asks for the type of the collection, too.
  private func implies(_ next: Demand, _ demand: Demand) -> Bool {
    next.kind == .present && next.location != demand.location
      && locations.parent(of: next.location) == demand.location
  }

  /// The test that finds the key that a location names.
  private mutating func keyTest(_ location: Int, _ place: Place) -> (Test, Variable)? {
    guard locations.known[location] == nil,
      case .key(let collection, let key, let isStruct)? = locations.step(of: location)
    else { return nil }
    let parent = locations.fetch(collection, builder, place)
    let variable = builder.newVariable()
    let test: Test = isStruct ? .structKey(variable, parent, key) : .dictKey(variable, parent, key)
    return (test, variable)
  }
}

/// Many rows in a row that first ask for literals at one location, grouped by literal.
struct LiteralRun {
  let location: Int
  private(set) var count = 0
  /// In the order of their first rows; the rows are without the demand.
  private(set) var groups: [(literal: Constant, rows: [PatternRow])] = []

  /// Few rows are not worth it.
  private static let minimum = 4

  /// - Returns: nil if the rows do not begin with such a run.
  init?(_ rows: ArraySlice<PatternRow>) {
    guard let first = rows.first?.demands.first else { return nil }
    location = first.location
    var indexes: [Constant: Int] = [:]
    for row in rows {
      guard let demand = row.demands.first, demand.location == location,
        case .literal(let literal) = demand.kind
      else { break }
      var row = row
      row.demands.removeFirst()
      count += 1
      if let index = indexes[literal] {
        groups[index].rows.append(row)
      } else {
        indexes[literal] = groups.count
        groups.append((literal, [row]))
      }
    }
    if count < Self.minimum { return nil }
  }
}

/// The rows behind a test, by what it means for them.
struct PatternSplit {
  /// Rows with this demand, without it: they go on where the test held.
  private(set) var taken: [PatternRow] = []
  /// The rest, in order: they are tried where the test failed, or no taken row matched.
  private(set) var others: ArraySlice<PatternRow> = []
  /// Where the test held none of the others can match.
  private(set) var isExclusive = true

  /// A row that may match where the test held keeps its place: rows behind it are not taken.
  init(_ rows: ArraySlice<PatternRow>, by demand: Demand) {
    var indexes: [Int] = []
    for index in rows.indices {
      guard let place = rows[index].demands.firstIndex(where: { $0.location == demand.location }) else {
        isExclusive = false
        break
      }
      if rows[index].demands[place] == demand {
        indexes.append(index)
        taken.append(rows[index])
        taken[taken.count - 1].demands.remove(at: place)
      } else if !rows[index].demands[place].kind.excludes(demand.kind) {
        isExclusive = false
        break
      }
    }
    others = Self.without(indexes, rows)
  }

  /// Nearly always only the first row is taken, and the rest is not copied.
  private static func without(_ indexes: [Int], _ rows: ArraySlice<PatternRow>) -> ArraySlice<PatternRow> {
    if indexes.count == 1, indexes[0] == rows.startIndex { return rows.dropFirst() }
    let taken = Set(indexes)
    return ArraySlice(rows.indices.filter { !taken.contains($0) }.map { rows[$0] })
  }
}
