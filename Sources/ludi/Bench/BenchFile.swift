import Reports
import Platform

/// Runs on disk.
enum BenchFile {
  static func read(_ file: String) throws(BenchFailure) -> BenchRecord {
    let bytes: [UInt8]
    do {
      bytes = try Files.read(file)
    } catch {
      throw BenchFailure(message: "cannot read \(file): \(error.reason)", status: .noInput)
    }
    guard let json = try? JsonReader.read(bytes), let record = BenchRecord(json) else {
      throw BenchFailure(message: "\(file) is not what ludi bench --save writes", status: .noInput)
    }
    return record
  }

  static func write(_ record: BenchRecord, to file: String) throws(BenchFailure) {
    do {
      try Files.replace(file, with: Array((record.json.text() + "\n").utf8))
    } catch {
      throw BenchFailure(message: "cannot write \(file): \(error.reason)", status: .noOutput)
    }
  }

  /// Found out before anything is measured. What is in the file stays, and none is made.
  static func checkWritable(_ file: String) throws(BenchFailure) {
    guard let reason = Files.reasonNotToReplace(file) else { return }
    throw BenchFailure(message: "cannot write \(file): \(reason)", status: .noOutput)
  }
}
