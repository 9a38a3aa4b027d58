// Round trips of safetensors files, and the bytes themselves as the format's text defines them.

import Foundation
import PlanarCore
import PlanarTensorFiles
import Testing

@Suite struct TensorFileTests {
  let folder = TemporaryFolder()

  @Test func roundTripKeepsEveryBitTypeShapeAndMetadata() throws {
    let url = folder.url("all.safetensors")
    var writer = TensorFileWriter(metadata: ["format": "1", "note": "한국어 \"quoted\""])
    let floats: [Float] = [0, -0.0, 1.5, .leastNonzeroMagnitude, .infinity, 3.4e38]
    writer.add("b.floats", shape: [2, 3], values: floats)
    writer.add("a.doubles", shape: [1], values: [Double.pi])
    writer.add("c.int32", shape: [3], values: [Int32.min, 0, Int32.max])
    writer.add("d.int64", shape: [], values: [Int64.min])
    writer.add("e.bytes", shape: [5], values: Array("hello".utf8))
    writer.add("f.empty", shape: [0, 7], values: [Float]())
    try writer.write(to: url)

    let file = try TensorFile(reading: url)
    #expect(file.metadata == ["format": "1", "note": "한국어 \"quoted\""])
    #expect(file.names == ["a.doubles", "b.floats", "c.int32", "d.int64", "e.bytes", "f.empty"])
    #expect(try file.floats("b.floats").map(\.bitPattern) == floats.map(\.bitPattern))
    #expect(try file.tensor("b.floats") == (.float32, [2, 3]))
    #expect(try file.values("a.doubles", as: Double.self) == [Double.pi])
    #expect(try file.int32s("c.int32") == [Int32.min, 0, Int32.max])
    #expect(try file.int64s("d.int64") == [Int64.min])
    #expect(try file.values("e.bytes", as: UInt8.self) == Array("hello".utf8))
    #expect(try file.tensor("f.empty") == (.float32, [0, 7]))
    #expect(try file.floats("f.empty") == [])
    #expect(try file.withFloats("b.floats") { $0.reduce(into: 0) { $0 += $1 == 1.5 ? 1 : 0 } } == 1)
  }

  @Test func orderOfAddingDoesNotShowInTheBytes() throws {
    var first = TensorFileWriter(metadata: ["x": "1", "a": "2"])
    first.add("p", shape: [2], values: [Float(1), 2])
    first.add("q", shape: [3], values: [UInt8(1), 2, 3])
    first.add("r", shape: [1], values: [Int64(9)])
    var second = TensorFileWriter(metadata: ["a": "2", "x": "1"])
    second.add("r", shape: [1], values: [Int64(9)])
    second.add("q", shape: [3], values: [UInt8(1), 2, 3])
    second.add("p", shape: [2], values: [Float(1), 2])
    try first.write(to: folder.url("first"))
    try second.write(to: folder.url("second"))
    #expect(try Data(contentsOf: folder.url("first")) == Data(contentsOf: folder.url("second")))
    #expect(try folder.contents() == ["first", "second"], "no partial file may stay behind")
  }

  /// The bytes written by hand from the format's description, with an unaligned float as other writers
  /// may leave it.
  @Test func readsAForeignFileWithUnalignedTensors() throws {
    let url = try folder.file(
      header:
        #"{"byte":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"half":{"dtype":"F16","shape":[1],"data_offsets":[9,11]},"x":{"dtype":"F32","shape":[2],"data_offsets":[1,9]}}"#,
      data: [7, 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0, 0, 0x3c])
    let file = try TensorFile(reading: url)
    #expect(try file.floats("x") == [1, -2])
    #expect(try file.withFloats("x") { Array($0) } == [1, -2])
    #expect(try file.values("byte", as: UInt8.self) == [7])
    #expect(try file.tensor("half").type == .float16)
  }

  /// `dtype` is a word that people put among their own notes.
  @Test func metadataMayHaveAnyKeys() throws {
    let url = try folder.file(
      header:
        #"{"__metadata__":{"dtype":"float32","a":"b"},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#,
      data: [3])
    let file = try TensorFile(reading: url)
    #expect(file.metadata == ["dtype": "float32", "a": "b"])
    #expect(try file.values("a", as: UInt8.self) == [3])
  }

  /// `python.safetensors` was written by Python's safetensors 0.8.0, by the script beside it.
  @Test func readsWhatPythonWrote() throws {
    let url = try #require(
      Bundle.module.url(forResource: "python", withExtension: "safetensors", subdirectory: "Resources"))
    let file = try TensorFile(reading: url)
    #expect(file.metadata == ["origin": "python", "note": "한국어 \"quoted\""])
    #expect(
      file.names == ["double", "empty", "flags", "half", "integers", "layer.0.weight", "longs", "scalar"])
    #expect(try file.tensor("layer.0.weight") == (.float32, [2, 3]))
    #expect(try file.floats("layer.0.weight") == [0, 0.5, 1, 1.5, 2, -2.5])
    #expect(try file.tensor("scalar") == (.float32, []))
    #expect(try file.floats("scalar") == [3.25])
    #expect(try file.tensor("empty") == (.float32, [0, 4]))
    #expect(try file.values("double", as: Double.self) == [Double.pi])
    #expect(try file.int32s("integers") == [-1, 0, 2_147_483_647])
    #expect(try file.int64s("longs") == [-9_007_199_254_740_993])
    #expect(try file.tensor("flags") == (.bool, [3]))
    #expect(try file.tensor("half") == (.float16, [5]))
  }

  @Test func overwritingLeavesAnOpenReaderWhole() throws {
    let url = folder.url("weights")
    var writer = TensorFileWriter()
    writer.add("w", shape: [3], values: [Float(1), 2, 3])
    try writer.write(to: url)
    let old = try TensorFile(reading: url)
    writer.add("w", shape: [1], values: [Float(9)])
    try writer.write(to: url)
    #expect(try old.floats("w") == [1, 2, 3])
    #expect(try TensorFile(reading: url).floats("w") == [9])
  }

  @Test func writingIntoAMissingFolderIsAUserError() {
    let url = folder.url("nowhere/file")
    expectUserError("cannot write \(url.path): No such file or directory") {
      try TensorFileWriter().write(to: url)
    }
  }
}
