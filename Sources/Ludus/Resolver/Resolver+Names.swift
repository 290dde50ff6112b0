extension Resolver {
  /// Finds out what a word stands for.
  func use(_ use: NameUse) {
    guard let binding = visibleBinding(of: use.name) else { return useOutside(use) }
    use.resolution = .local(binding)
    binding.isUsed = true
    let isSelf = capture(binding)
    if !binding.isBound, !isSelf {
      use.mayBeUnbound = true
      binding.isForwardReferenced = true
    }
  }

  /// The binding that a use of the name here means.
  func visibleBinding(of name: Name) -> Binding? {
    var candidate = innermost[name.id]
    while let binding = candidate {
      if binding.isBound || binding.scope.function !== function { return binding }
      candidate = binding.shadowed
    }
    return nil
  }

  /// Notes the binding as a capture of every function between its own and this place.
  /// Returns whether the use is a function's use of itself.
  private func capture(_ binding: Binding) -> Bool {
    let owner = binding.scope.function
    var inner = function
    while let user = inner, user !== owner {
      if user.selfBinding === binding {
        if !binding.isGlobal { user.refersToItself = true }
        return true
      }
      if !binding.isGlobal, user.captureSet.insert(ObjectIdentifier(binding)).inserted {
        user.captures.append(binding)
        binding.isCaptured = true
      }
      inner = user.parent
    }
    return false
  }

  /// A word that no binding of the script is meant by: the Prelude's, a native, or unbound.
  private func useOutside(_ use: NameUse) {
    let name = use.name
    if isPrelude(name) {
      use.resolution = .prelude(name)
    } else if surroundings.allowsNatives, name.text.hasPrefix("native/") {
      use.resolution = .native(String(name.text.dropFirst("native/".count)))
    } else {
      reportUnbound(use)
    }
  }

  private func reportUnbound(_ use: NameUse) {
    let name = use.name
    guard !problems.isFull, name.isWellFormed, !mistakes.words.contains(name), !usesUnknownNames else {
      return
    }
    if let later = innermost[name.id] {
      guard !mistakes.unclosed.contains(where: { $0.contains(use.range) }) else { return }
      let place = file.position(of: later.range.start)
      problems.error(
        use.range, "name `\(name.text)` is used before it is bound",
        hint:
          "it is bound at \(place.line):\(place.column); only function bodies may use names that are bound later"
      )
      return
    }
    problems.error(use.range, "unbound name `\(name.text)`", hint: hint(forUnbound: name))
  }

  private func hint(forUnbound name: Name) -> String? {
    guard searchesForNearest < 2 * FrontEnd.maximumErrors else { return nil }
    searchesForNearest += 1
    var search = NearestName(to: name.text)
    for candidate in allNames where candidate !== name && innermost[candidate.id] != nil {
      search.consider(candidate.text)
    }
    search.preferWhatWasFound()
    for candidate in surroundings.preludeNames where surroundings.shows(candidate) {
      search.consider(candidate)
    }
    if let best = search.best { return "did you mean `\(best)`?" }
    return "bind it with let or fn before this place"
  }
}

/// The name that is spelled most like a given one.
struct NearestName {
  private let wanted: [UInt8]
  /// More edits than this are another name.
  private let limit: Int
  private(set) var best: String?
  private var bestDistance: Int
  private var isPreferred = false

  init(to name: String) {
    wanted = Array(name.utf8)
    limit = wanted.count < 2 ? 0 : max(1, min(3, wanted.count / 3))
    bestDistance = limit + 1
  }

  /// What comes now must be nearer than the best so far, not as near.
  mutating func preferWhatWasFound() { isPreferred = best != nil }

  /// Of equally near names the first in the alphabet wins, so that the answer does not depend on any order.
  mutating func consider(_ candidate: String) {
    let bytes = Array(candidate.utf8)
    guard abs(bytes.count - wanted.count) <= limit else { return }
    let distance = NearestName.distance(wanted, bytes)
    guard distance <= limit else { return }
    let isFirst = !isPreferred && distance == bestDistance && candidate < best ?? candidate
    if distance < bestDistance || isFirst {
      (best, bestDistance, isPreferred) = (candidate, distance, false)
    }
  }

  /// How many bytes to insert, delete or replace, and neighbours to exchange.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var before: [Int] = []
    var row = Array(0...right.count)
    for (i, byte) in left.enumerated() {
      var next = [i + 1]
      for (j, other) in right.enumerated() {
        var least = min(row[j] + (byte == other ? 0 : 1), row[j + 1] + 1, next[j] + 1)
        if i > 0, j > 0, byte == right[j - 1], other == left[i - 1] { least = min(least, before[j - 1] + 1) }
        next.append(least)
      }
      (before, row) = (row, next)
    }
    return row[right.count]
  }
}
