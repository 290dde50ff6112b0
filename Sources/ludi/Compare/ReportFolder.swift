import Platform

/// Where a report goes. That it can be written is found out before anything is measured.
struct ReportFolder {
  let path: String

  init(_ path: String) throws(FileError) {
    self.path = path
    try Folders.make(path)
    try Folders.make(path + "/programs")
    try Folders.make(path + "/plots")
    for file in [html, json, markdown, plot(".probe")] {
      if let reason = Files.reasonNotToReplace(file) { throw FileError(path: file, reason: reason) }
    }
  }

  var html: String { "\(path)/report.html" }
  var json: String { "\(path)/report.json" }
  var markdown: String { "\(path)/report.md" }

  func program(_ name: String) -> String { "\(path)/programs/\(name).ld" }
  func plot(_ name: String) -> String { "\(path)/plots/\(name).gp" }
}
