/// The syntax tree: an enum of node classes. Nodes are made by the parser, annotated once by the resolver
/// (see `NameUse.resolution`, `NamePattern.binding`, `Function.captures`, `Scope`), and then only read.
///
/// Every node has a `range`. A tree that came with errors may hold `.invalid`; lowering never sees one,
/// since it runs only when there are no errors.
enum Expression {
  /// `nil`, `true`, `false`, a number or a keyword.
  case literal(LiteralNode)
  case string(StringNode)
  /// A word that stands for a value, without arguments behind it.
  case name(NameUse)
  /// `foo (1) :a (2)`: calls and key reads, from the left.
  case chain(Chain)
  /// Tuple, list or set.
  case collection(CollectionNode)
  /// Dict or struct.
  case dictionary(DictionaryNode)
  /// A lambda, or a named function, which also binds its name.
  case function(Function)
  case recur(RecurForm)
  case `if`(IfForm)
  case when(WhenForm)
  case match(MatchForm)
  case `do`(DoForm)
  case loop(LoopForm)
  case receive(ReceiveForm)
  case `repeat`(RepeatForm)
  case block(BlockForm)
  case `let`(LetForm)
  case ref(RefForm)
  // The toplevel forms; the resolver refuses them anywhere else.
  case `import`(ImportForm)
  case use(UseForm)
  case namespace(NamespaceForm)
  case test(TestForm)
  /// What could not be parsed; an error has been reported.
  case invalid(SourceRange)

  var range: SourceRange {
    switch self {
    case .literal(let node): node.range
    case .string(let node): node.range
    case .name(let node): node.range
    case .chain(let node): node.range
    case .collection(let node): node.range
    case .dictionary(let node): node.range
    case .function(let node): node.range
    case .recur(let node): node.range
    case .if(let node): node.range
    case .when(let node): node.range
    case .match(let node): node.range
    case .do(let node): node.range
    case .loop(let node): node.range
    case .receive(let node): node.range
    case .repeat(let node): node.range
    case .block(let node): node.range
    case .let(let node): node.range
    case .ref(let node): node.range
    case .import(let node): node.range
    case .use(let node): node.range
    case .namespace(let node): node.range
    case .test(let node): node.range
    case .invalid(let range): range
    }
  }
}
