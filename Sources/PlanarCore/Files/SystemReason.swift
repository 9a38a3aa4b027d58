// Why the system has refused something, in its own words: Foundation's name no reason, and neither file nor mend.

import Foundation

/// What the system said, such as "No space left on device".
package func systemReason(of error: any Error) -> String {
  if let error = error as? POSIXError { return String(cString: strerror(error.code.rawValue)) }
  let error = error as NSError
  if error.domain == NSPOSIXErrorDomain { return String(cString: strerror(Int32(error.code))) }
  if let cause = error.userInfo[NSUnderlyingErrorKey] as? any Error { return systemReason(of: cause) }
  return error.localizedDescription
}

/// Makes a folder, and those that it lies in, where it is not there.
///
/// - Throws: `UserError` naming it where the system refuses.
package func makeFolder(_ folder: URL) throws {
  do { try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true) } catch {
    throw UserError("cannot make the folder \(folder.path): \(systemReason(of: error))")
  }
}
