import Bytecode
import Core

/// Forms that run again.
extension ProcedureBuilder {
  func end(_ form: LoopForm, _ destination: Destination) -> End {
    let place = place(form.range)
    let initial = form.arguments.map(value)
    let label = newLabel()
    let variables = initial.map { _ in newVariable() }
    loops[ObjectIdentifier(form)] = label
    let body = block {
      var patterns = PatternCompiler(self, subjects: variables.map { .local($0) })
      let fitting = form.clauses.filter { $0.parameters?.fits(variables.count) ?? false }
      let rows = fitting.map { patterns.row(arguments: $0) }
      return patterns.run(rows, place: place, to: destination) { .panic(.noLoopClause(variables), place) }
    }
    return .loop(label, variables, initial, body, place)
  }

  func end(_ form: RecurForm) -> End {
    let arguments = form.arguments.map(value)
    guard let loop = form.loop, let label = loops[ObjectIdentifier(loop)] else {
      preconditionFailure("recur outside a loop")
    }
    return .jump(label, arguments, place(form.range))
  }

  func end(_ form: RepeatForm, _ destination: Destination) -> End {
    let place = place(form.range)
    let count = value(form.count)
    effect(.checkCount(count), place)
    let label = newLabel()
    let left = newVariable()
    let body = block {
      let done = block { finish(.constant(.nil), destination, place) }
      let again = block {
        discard(.block(form.body))
        let next = bind(.primitive(.addInteger(-1, .dec), [.local(left)]), place)
        return .jump(label, [next], place)
      }
      return .branch(.constant(.local(left), .number(0)), place, then: done, else: again)
    }
    return .loop(label, [left], [count], body, place)
  }

  func end(_ form: ReceiveForm, _ destination: Destination) -> End {
    let place = place(form.range)
    let limit = form.timeout.map { value($0.limit) }
    effect(.receive(limit: limit), place)
    let label = newLabel()
    let message = newVariable("message")
    let body = block {
      let arrived = block { clauses(form, message, label, destination) }
      let timeout = block { () -> End in
        // Without `after` run never comes here.
        guard let timeout = form.timeout else { return .panic(.noWhen, place) }
        enter(timeout.scope)
        return end(timeout.body, destination)
      }
      let wait = Block([], .wait(label, timeout: timeout, place))
      return .branch(.message(message), place, then: arrived, else: wait)
    }
    return .loop(label, [], [], body, place)
  }

  private func clauses(
    _ form: ReceiveForm, _ message: Variable, _ again: Label, _ destination: Destination
  ) -> End {
    let place = place(form.range)
    var patterns = PatternCompiler(self, subjects: [.local(message)])
    let rows = form.clauses.map { clause in
      var row = patterns.row(value: clause)
      let body = row.body
      row.isReceiving = true
      row.body = { destination in
        self.effect(.take, place)
        return body(destination)
      }
      return row
    }
    return patterns.run(rows, place: place, to: destination) { .jump(again, [], place) }
  }
}
