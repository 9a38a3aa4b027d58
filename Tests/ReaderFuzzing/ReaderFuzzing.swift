// Readers under libFuzzer, which changes bytes so that ever more of their code is reached (https://llvm.org/docs/LibFuzzer.html).
//
//   make fuzz-readers FUZZ_SECONDS=600     each reader for so long
//
// A reader takes bytes or refuses them by a `UserError`. Anything else ends the process, and its bytes are kept.

import Foundation
import PlanarArmEnvironments
import PlanarCore
import PlanarSceneDrawing
import PlanarTensorFiles

/// The reader that PLANAR_READER names.
private let read: @Sendable (Data) throws -> Void = {
  let name = ProcessInfo.processInfo.environment["PLANAR_READER"] ?? ""
  switch name {
  case "tensors":
    let memory = FileManager.default.isWritableFile(atPath: "/dev/shm") ? "/dev/shm" : NSTemporaryDirectory()
    let url = URL(fileURLWithPath: "\(memory)/planar-fuzz-\(getpid()).safetensors")
    return { data in
      try data.write(to: url)
      let file = try TensorFile(reading: url)
      for name in file.names where try file.tensor(name).type == .float32 { _ = try file.floats(name) }
    }
  case "json": return { _ = try SettingsNode(json: String(decoding: $0, as: UTF8.self), file: "fuzzed.json") }
  case "png": return { _ = Image(pngData: [UInt8]($0)) }
  case "commands":
    // Both the plain grammar and the one that composes sentences.
    let grammars = try! ["push", "words"].map { try EnvironmentLibrary.grammar(of: $0) }
    return { data in
      let text = String(decoding: data, as: UTF8.self)
      for grammar in grammars { _ = try grammar.parse(text) }
    }
  default: fatalError("PLANAR_READER must be tensors, json, png or commands, not '\(name)'")
  }
}()

/// What libFuzzer's own `main` calls with one input after another.
@_cdecl("LLVMFuzzerTestOneInput")
public func readOnce(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  do { try read(bytes.map { Data(bytes: $0, count: count) } ?? Data()) } catch let error as UserError {
    precondition(error.message.unicodeScalars.count <= UserError.longest, "a message is too long")
  } catch { fatalError("an error that is no sentence: \(error)") }
  return 0
}
