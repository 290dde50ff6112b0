import Words

/// The Prelude procedures that instructions fall back on when their operands are not what the fast path wants.
enum SlowCall: Int, CaseIterable {
  case add, subtract, multiply, divide, increment, decrement, modulo, quotient
  case less, lessOrEqual, greater, greaterOrEqual
  case at, count, first, rest, append, send

  /// The Prelude function and its number of arguments.
  var name: (String, Int) {
    switch self {
    case .add: ("add", 2)
    case .subtract: ("sub", 2)
    case .multiply: ("mult", 2)
    case .divide: ("div", 2)
    case .increment: ("inc", 1)
    case .decrement: ("dec", 1)
    case .modulo: ("mod", 2)
    case .quotient: ("quot", 2)
    case .less: ("lt?", 2)
    case .lessOrEqual: ("lte?", 2)
    case .greater: ("gt?", 2)
    case .greaterOrEqual: ("gte?", 2)
    case .at: ("at", 2)
    case .count: ("count", 1)
    case .first: ("first", 1)
    case .rest: ("rest", 1)
    case .append: ("append", 2)
    case .send: ("send", 2)
    }
  }

  var arity: Int { name.1 }
}
