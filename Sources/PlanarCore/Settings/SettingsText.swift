// The text of a settings file: UTF-8, or UTF-16 with its mark, and never more than a person would write.

import Foundation

/// Reads a file that people or programs write settings in.
///
/// UTF-16 is read where the file begins with a byte order mark, as editors of some systems save it.
///
/// - Parameter largest: bytes at most.
/// - Throws: `UserError` that names the file and says what is wrong: it is missing, a folder, too large, or no text.
public func settingsText(_ url: URL, largest: Int = 16 << 20) throws -> String {
  let file = url.relativePath
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
    throw UserError("there is no file \(file)")
  }
  guard !isFolder.boolValue else { throw UserError("\(file) is a folder, where a file is expected") }
  let attributes = try? FileManager.default.attributesOfItem(atPath: url.resolvingSymlinksInPath().path)
  guard attributes?[.type] as? FileAttributeType == .typeRegular else {
    throw UserError("\(file) cannot be read: it is no ordinary file")
  }
  let size = (attributes?[.size] as? NSNumber)?.intValue ?? 0
  guard size <= largest else {
    throw UserError("\(file) has \(size) bytes, but such a file has \(largest) at most; it is something else")
  }
  guard let data = try? Data(contentsOf: url) else {
    throw UserError("\(file) cannot be read; check its permissions")
  }
  return try settingsText(of: data, file: file)
}

/// The text of bytes in UTF-8, or in UTF-16 with its mark.
///
/// - Throws: `UserError` naming the line at which it is neither.
func settingsText(of data: Data, file: String) throws -> String {
  let bytes = [UInt8](data)
  if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
    guard let text = String(data: data, encoding: .utf16), !text.unicodeScalars.contains("\u{0}") else {
      throw UserError("\(file):1: begins as UTF-16 text, but is none; save it as UTF-8")
    }
    return text.hasPrefix("\u{FEFF}") ? String(text.dropFirst()) : text
  }
  let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  guard let text = String(validating: bytes[start...], as: UTF8.self) else {
    let repaired = String(decoding: bytes[start...], as: UTF8.self).unicodeScalars
    let line = 1 + repaired.prefix { $0 != "\u{FFFD}" }.count { $0 == "\n" }
    throw UserError("\(file):\(line): is no UTF-8 text; save it as UTF-8")
  }
  return text
}
