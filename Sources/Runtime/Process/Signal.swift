import Memory
import Words

/// What a cell in an inbox is. Messages and signals between two processes arrive in the order in which they were sent.
enum Signal: UInt8 {
  /// A message for `receive`.
  case message
  /// An answer to `await!` or `call!`: (token, outcome). `receive` sees it only while its token is awaited.
  case reply
  /// An exit signal: the value is the reason.
  case exit
  /// (pid, token): tell that process when this one ends.
  case awaitRequest
  /// The value is a token: do not tell any more.
  case awaitCancel
}
