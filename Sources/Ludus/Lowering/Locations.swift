import Bytecode
import Core

/// Where in the subjects of a match a value is: numbered, so that patterns that look at one place agree.
struct Locations {
  /// One step from a location to a part of it.
  enum Step: Hashable {
    case subject(Int)
    case tupleMember(Int, Int)
    case listMember(Int, Int)
    case tupleRest(Int, Int)
    case listRest(Int, Int)
    case key(Int, Constant, isStruct: Bool)
    case dictRest(Int, [Constant])
    /// The list of the subjects from an index on.
    case subjects(Int)
    /// The tuple of all subjects.
    case whole
  }

  private let subjects: [Atom]
  private var steps: [Step]
  private var numbers: [Step: Int] = [:]
  /// Locations whose values are at hand where code is being made.
  var known: [Int: Atom]

  init(_ subjects: [Atom]) {
    self.subjects = subjects
    steps = subjects.indices.map { .subject($0) }
    known = Dictionary(uniqueKeysWithValues: subjects.enumerated().map { ($0, $1) })
  }

  mutating func number(_ step: Step) -> Int {
    if let number = numbers[step] { return number }
    steps.append(step)
    numbers[step] = steps.count - 1
    return steps.count - 1
  }

  func step(of location: Int) -> Step? { steps[location] }

  func parent(of location: Int) -> Int {
    switch steps[location] {
    case .tupleMember(let parent, _), .listMember(let parent, _), .tupleRest(let parent, _),
      .listRest(let parent, _), .key(let parent, _, _), .dictRest(let parent, _):
      parent
    case .subject, .subjects, .whole: location
    }
  }

  /// The value at a location; it must be known to be there.
  mutating func fetch(_ location: Int, _ builder: ProcedureBuilder, _ place: Place) -> Atom {
    if let atom = known[location] { return atom }
    let operation: Operation
    switch steps[location] {
    case .tupleMember(let parent, let index): operation = .tupleMember(fetch(parent, builder, place), index)
    case .listMember(let parent, let index): operation = .listMember(fetch(parent, builder, place), index)
    case .tupleRest(let parent, let index): operation = .tupleRest(fetch(parent, builder, place), index)
    case .listRest(let parent, let index): operation = .listRest(fetch(parent, builder, place), index)
    case .dictRest(let parent, let keys): operation = .dictRest(fetch(parent, builder, place), without: keys)
    case .subjects(let first): operation = .list(Array(subjects[first...]))
    case .whole: operation = .tuple(subjects)
    case .subject, .key: preconditionFailure("a location that is not at hand")
    }
    let atom = builder.bind(operation, place)
    known[location] = atom
    return atom
  }
}
