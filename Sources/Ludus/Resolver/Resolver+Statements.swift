extension Resolver {
  /// An expression of a script, block or body, whose names have been declared. `inTail` tells whether it is in
  /// tail position of `loop`.
  func resolveStatement(_ statement: Expression, inTail: Bool) {
    refuseIfUnsupported(statement)
    refuseIfNested(statement)
    switch statement {
    case .let(let form): resolveLet(form)
    case .ref(let form):
      resolve(form.value)
      form.name.binding?.isBound = true
    case .function(let function):
      function.name?.binding?.isBound = true
      resolveFunction(function, selfBinding: function.name?.binding)
    case .import(let form): form.name.binding?.isBound = true
    case .use(let form): resolveUse(form)
    case .namespace(let form):
      resolve(form.entries)
      checkKeys(of: form.entries)
      form.name.binding?.isBound = true
    case .test(let form): resolveFunction(form.function, selfBinding: nil)
    default: resolve(statement, inTail: inTail)
    }
  }

  /// A statement where none may stand (the parser has said so): its names count from here on.
  func resolveMisplaced(_ statement: Expression) {
    declare(statement)
    resolveStatement(statement, inTail: false)
  }

  private func resolveLet(_ form: LetForm) {
    if case .name(let name) = form.pattern, name.typeName == nil, case .function(let function) = form.value,
      function.kind == .lambda
    {
      name.binding?.knownFunction = function
      resolveFunction(function, selfBinding: name.binding)
    } else {
      resolve(form.value)
    }
    markBound(form.pattern)
  }

  private func resolveUse(_ form: UseForm) {
    let name = form.subject.name
    guard let binding = visibleBinding(of: name) else { return refuseUse(form.subject) }
    form.subject.resolution = .local(binding)
    binding.isUsed = true
    switch binding.kind {
    case .import: usesUnknownNames = true
    case .namespace: for used in form.bindings { used.isBound = true }
    default: refuseUse(form.subject)
    }
  }

  private func refuseUse(_ subject: NameUse) {
    guard subject.name.isWellFormed, !mistakes.words.contains(subject.name) else { return }
    problems.error(
      subject.range, "`\(subject.name.text)` is no namespace that can be used here",
      hint: "use wants a namespace that ns declares above in this script, or an import above")
  }

  /// The forms that the rest of the compiler cannot do yet. To support one, delete its line here.
  private static func unsupportedForm(_ statement: Expression) -> String? {
    switch statement {
    case .import: "import"
    default: nil
    }
  }

  private func refuseIfUnsupported(_ statement: Expression) {
    guard let form = Resolver.unsupportedForm(statement) else { return }
    problems.error(head(of: statement, form), "`\(form)` is not supported yet")
  }

  /// Toplevel forms stand directly in the script; tests also directly in the block of a test.
  private func refuseIfNested(_ statement: Expression) {
    guard scope.kind != .script || function != nil else { return }
    let form: String
    switch statement {
    case .import: form = "import"
    case .use: form = "use"
    case .namespace: form = "ns"
    case .test:
      guard scope !== testBlock?.scope else { return }
      form = "test"
    default: return
    }
    problems.error(
      head(of: statement, form), "`\(form)` stands at the toplevel of a script only",
      hint: form == "test" ? "or directly in the block of another test" : "move it out of this expression")
  }

  /// The word that a form begins with.
  private func head(of statement: Expression, _ word: String) -> SourceRange {
    let start = statement.range.start
    return SourceRange(start, start + Int32(word.utf8.count))
  }
}
