import Platform

/// Where a report goes. That it can be written is found out before anything is measured.
struct ReportFolder {
  let path: String

  init(_ path: String) throws(FileError) {
    self.path = path
    try Folders.make(path)
    try Folders.make(path + "/programs")
    try Folders.make(path + "/plots")
    for name in ["report.html", "report.json", "report.md"] {
      if let reason = Files.reasonNotToWrite("\(path)/\(name)") {
        throw FileError(path: "\(path)/\(name)", reason: reason)
      }
    }
  }

  func program(_ name: String) -> String { "\(path)/programs/\(name).ld" }
  func plot(_ name: String) -> String { "\(path)/plots/\(name).gp" }
}
