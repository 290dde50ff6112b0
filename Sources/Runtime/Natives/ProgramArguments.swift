import Synchronization

/// What stood behind the file on the command line: `args ()`. Set once, before the program starts.
public enum ProgramArguments {
  private static let texts = Mutex<[String]>([])

  public static var all: [String] { texts.withLock { $0 } }

  public static func set(_ arguments: [String]) { texts.withLock { $0 = arguments } }
}
