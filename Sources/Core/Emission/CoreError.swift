/// A program that is too large for the bytecode: more registers, members or instructions than it can name.
public struct CoreError: Error, Equatable, Sendable {
  public var message: String
  public var place: Place
  public init(_ message: String, at place: Place) {
    self.message = message
    self.place = place
  }
}
