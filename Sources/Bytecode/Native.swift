/// The operations that the VM offers to the Prelude, which calls them as `native/name (…)`.
/// A case's raw value is the number that `callNative` carries.
public enum Native: UInt16, CaseIterable, Sendable {
  case show

  /// The word behind `native/`.
  public var name: String { "\(self)" }
}
