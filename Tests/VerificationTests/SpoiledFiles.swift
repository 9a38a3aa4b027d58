// Folders of their own for tests, and reference files with something wrong in them.

import Foundation
import PlanarTensorFiles

/// The JSON value with the number at `path` changed.
func change(
  _ value: Any, at path: ArraySlice<Substring>, _ body: (Double) -> Double
) -> Any {
  replace(value, at: path) { body(($0 as! NSNumber).doubleValue) }
}

func replace(_ value: Any, at path: ArraySlice<Substring>, _ body: (Any) -> Any) -> Any {
  guard let first = path.first else { return body(value) }
  if var array = value as? [Any], let index = Int(first) {
    array[index] = replace(array[index], at: path.dropFirst(), body)
    return array
  }
  var object = value as! [String: Any]
  object[String(first)] = replace(object[String(first)]!, at: path.dropFirst(), body)
  return object
}

/// A folder that lasts as long as this object.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory
      .appendingPathComponent("planar-verification-\(UUID().uuidString)", isDirectory: true)
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

extension TemporaryFolder {
  /// The files of a reference folder, to be spoiled.
  convenience init(copyOf source: URL) throws {
    try self.init()
    for name in try FileManager.default.contentsOfDirectory(atPath: source.path) {
      try FileManager.default.copyItem(
        at: source.appendingPathComponent(name), to: url.appendingPathComponent(name))
    }
  }

  /// Changes the value at `path` (keys and indices with `/` between them) in a JSON file.
  func edit(_ file: String, at path: String, _ body: (Any) -> Any) throws {
    let url = url.appendingPathComponent(file)
    let object = try JSONSerialization.jsonObject(with: Data(contentsOf: url))
    let edited = replace(object, at: path.split(separator: "/")[...], body)
    try JSONSerialization.data(withJSONObject: edited).write(to: url)
  }

  /// Writes a safetensors file again, with one of its tensors changed, or left out where `body` gives nil.
  func editTensor(
    _ name: String, of file: String, _ body: (_ shape: [Int], _ numbers: [Float]) -> ([Int], [Float])?
  ) throws {
    let url = url.appendingPathComponent(file)
    let old = try TensorFile(reading: url)
    var writer = TensorFileWriter(metadata: old.metadata)
    for other in old.names {
      let (type, shape) = try old.tensor(other)
      if type == .int32 {
        writer.add(other, shape: shape, values: try old.int32s(other))
      } else if other != name {
        writer.add(other, shape: shape, values: try old.floats(other))
      } else if let (shape, numbers) = body(shape, try old.floats(other)) {
        writer.add(other, shape: shape, values: numbers)
      }
    }
    try writer.write(to: url)
  }
}
