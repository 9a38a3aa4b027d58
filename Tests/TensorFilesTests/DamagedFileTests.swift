// Every way in which a file can lie about itself must end in one clear sentence, never in a crash.

import Foundation
import PlanarCore
import PlanarTensorFiles
import Testing

@Suite struct DamagedFileTests {
  let folder = TemporaryFolder()

  @Test func anyTruncationIsRefused() throws {
    let url = folder.url("whole")
    var writer = TensorFileWriter()
    writer.add("w", shape: [4], values: [Float(1), 2, 3, 4])
    try writer.write(to: url)
    let whole = try Data(contentsOf: url)
    for count in 0..<whole.count {
      let cut = folder.url("cut")
      try whole.prefix(count).write(to: cut)
      #expect(throws: UserError.self, "\(count) of \(whole.count) bytes") {
        try TensorFile(reading: cut)
      }
    }
  }

  /// Any byte of the length or the header replaced by any of some telling ones: the file is refused by a
  /// sentence, or still describes what lies inside it. Nothing else may happen.
  @Test func anyByteOfTheHeaderMayBeWrong() throws {
    let url = folder.url("whole")
    var writer = TensorFileWriter(metadata: ["note": "x"])
    writer.add("w", shape: [2, 2], values: [Float(1), 2, 3, 4])
    writer.add("i", shape: [3], values: [Int64(1), 2, 3])
    try writer.write(to: url)
    let whole = try Data(contentsOf: url)
    let handle = try FileHandle(forUpdating: url)
    for place in 0..<whole.count - 40 {
      for byte in [UInt8(0xff)] + Array("9-[\"".utf8) + [whole[place]] {
        try handle.seek(toOffset: UInt64(place))
        try handle.write(contentsOf: [byte])
        do {
          let file = try TensorFile(reading: url)
          for name in file.names {
            let (type, shape) = try file.tensor(name)
            #expect(shape.reduce(type.byteCount, *) <= 24)
            if type == .float32 { _ = try file.floats(name) }
            if type == .int64 { _ = try file.int64s(name) }
          }
        } catch {
          #expect(error is UserError)
        }
      }
    }
  }

  @Test func extraBytesAreRefused() throws {
    let url = try folder.file(header: #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}"#, data: [1, 2])
    expectUserError(
      "\(url.path): the tensors end at byte 1 of the data, but the data has 2 bytes; the file is damaged"
    ) { _ = try TensorFile(reading: url) }
  }

  @Test func headerLongerThanTheFileIsRefused() throws {
    let url = folder.url("long")
    for claim in [UInt64(9), 100_000_001, UInt64.max, 1 << 63] {
      try withUnsafeBytes(of: claim) { try (Data($0) + Data("{}".utf8)).write(to: url) }
      expectUserError(
        "\(url.path) is truncated or no safetensors file: its header claims \(claim) bytes, the file has 10"
      ) { _ = try TensorFile(reading: url) }
    }
  }

  @Test func headerLongerThanAnyIsRefused() throws {
    let most = 16 << 20
    let longest = try folder.file(header: "{" + String(repeating: " ", count: most - 2) + "}", data: [])
    #expect(try TensorFile(reading: longest).names.isEmpty)
    let longer = try folder.file(header: "{" + String(repeating: " ", count: most - 1) + "}", data: [])
    expectUserError(
      "\(longer.path): the header has \(most + 1) bytes, but one has \(most) at most; it is no file of Planar's"
    ) { _ = try TensorFile(reading: longer) }
  }

  @Test func moreEntriesThanAnyFileHasAreRefused() throws {
    let texts = (0...250_000).map { "\"\($0)\":\"\"" }.joined(separator: ",")
    let url = try folder.file(header: "{\"__metadata__\":{\(texts)}}", data: [])
    let error = #expect(throws: UserError.self) { try TensorFile(reading: url) }
    #expect(error?.message.contains("more than 250000 entries") == true)
  }

  /// Every escape of JSON, a pair of surrogates, and what is not in the format and may be there.
  @Test func allOfJSONIsRead() throws {
    let url = try folder.file(
      header:
        #"{ "__metadata__" : { "a\"\/\b\f\n\r\t" : "\ud83d\uDE00\u00e9" },"#
        + "\n\t\r"
        + #""w\u0031":{"dtype":"U8","shape":[ ],"data_offsets":[0 , 1],"#
        + #""more":[null,true,-1.5e+3,{"x":[]},{}]}}  "#,
      data: [7])
    let file = try TensorFile(reading: url)
    #expect(file.metadata == ["a\"/\u{8}\u{c}\n\r\t": "😀é"])
    #expect(try file.values("w1", as: UInt8.self) == [7])
  }

  @Test(arguments: [
    (#"{"a":"#, "the header is not the JSON of a safetensors file"),
    (" {}", "its header does not begin with '{'"),
    ("[1,2]", "its header does not begin with '{'"),
    (#"{"a":{"dtype":"F32","shape":"x","data_offsets":[0,4]}}"#, "('a.shape' is of another type)"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, "('a.data_offsets' is missing)"),
    (#"{"a":{"note":"x"}}"#, "('a.dtype' is missing)"),
    (#"{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}"#, "the header is not the JSON"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,04]}}"#, "('a.data_offsets' cannot be that)"),
    (
      #"{"a":{"dtype":"F32","shape":["# + Array(repeating: "1", count: 65).joined(separator: ",") + "]}}",
      "('a.shape' has more than 64 numbers)"
    ),
    (#"{"a":{"dtype":"\x","shape":[1],"data_offsets":[0,4]}}"#, "(it is no valid JSON)"),
    (#"{"a":{"dtype":"\ud83d","shape":[1],"data_offsets":[0,4]}}"#, "(it is no valid JSON)"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},}"#, "(it is no valid JSON)"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":nul}}"#, "(it is no valid JSON)"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":{"y":1,"y":2}}}"#, "two entries 'y'"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} x"#, "(it is no valid JSON)"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}"#, "tensor 'a' has 3 data_offsets"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,18446744073709551620]}}"#, "is not the JSON"),
    (
      #"{"__metadata__":{"epoch":3},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "('__metadata__.epoch' is of another type)"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "the header has two entries 'a'"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\u0061":{"dtype":"I32","shape":[1],"data_offsets":[0,4]}}"#,
      "the header has two entries 'a'"
    ),
    (
      #"{"a":{"dtype":"I32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
      "the header has two entries 'dtype'"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[4],"data_offsets":[0,4]},"b":{"dtype":"U8","shape":[4],"data_offsets":[0,4]}}"#,
      "tensor 'b' overlaps the tensor before it"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}"#,
      "does not fill its 4 bytes"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[-1,-1],"data_offsets":[0,4]}}"#,
      "shape [-1, -1] does not fill its 4 bytes"
    ),
    (#"{"a":{"dtype":"Q4","shape":[1],"data_offsets":[0,4]}}"#, "tensor 'a' has the unknown type 'Q4'"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, "tensor 'a' lies at bytes [0, 8]"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, "tensor 'a' lies at bytes [-4, 0]"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#, "tensor 'a' lies at bytes [4, 0]"),
    (#"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#, "shape [2] does not fill its 4 bytes"),
    (#"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#, "shape [-1] does not fill"),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4]}}"#,
      "does not fill its 4 bytes"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
      "tensor 'b' overlaps the tensor before it"
    ),
    (
      #"{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[2],"data_offsets":[2,4]}}"#,
      "tensor 'b' leaves a gap before it"
    ),
  ])
  func malformedHeaderNamesFileAndTensor(header: String, reason: String) throws {
    let url = try folder.file(header: header, data: [0, 0, 0, 0])
    let error = #expect(throws: UserError.self) { try TensorFile(reading: url) }
    let message = error?.message ?? ""
    #expect(message.hasPrefix(url.path) && message.contains(reason), "\(message)")
  }

  @Test func bytesThatAreNoTextAreRefused() throws {
    let url = folder.url("latin")
    // A name in Latin-1, whose é is no UTF-8.
    let header =
      Data(#"{"w"#.utf8) + [0xe9] + Data(#"":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}"#.utf8)
    try (withUnsafeBytes(of: UInt64(header.count)) { Data($0) } + header).write(to: url)
    let error = #expect(throws: UserError.self) { try TensorFile(reading: url) }
    #expect(error?.message.hasPrefix("\(url.path): the header is not the JSON") == true)
  }

  @Test func aHeaderOfNothingButBracketsIsRefused() throws {
    let depth = 200_000
    let url = try folder.file(
      header: #"{"a":"# + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}",
      data: [])
    #expect(throws: UserError.self) { try TensorFile(reading: url) }
  }

  @Test func wrongNameTypeOrShapeIsRefused() throws {
    let url = folder.url("small")
    var writer = TensorFileWriter()
    writer.add("weight", shape: [2, 2], values: [Float(1), 2, 3, 4])
    try writer.write(to: url)
    let file = try TensorFile(reading: url)
    expectUserError("\(url.path) holds no tensor 'weigth'; did it mean 'weight'?") {
      _ = try file.floats("weigth")
    }
    expectUserError("\(url.path): tensor 'weight' has type F32, but I32 is needed") {
      _ = try file.int32s("weight")
    }
    expectUserError("\(url.path): tensor 'weight' has shape [2, 2], but [any, 3] is needed") {
      _ = try file.floats("weight", shape: [nil, 3])
    }
    #expect(try file.floats("weight", shape: [nil, 2]) == [1, 2, 3, 4])
  }

  @Test func missingFilesAndFoldersAreRefused() {
    let missing = folder.url("missing")
    expectUserError("cannot open \(missing.path): No such file or directory") {
      _ = try TensorFile(reading: missing)
    }
    #expect(throws: UserError.self) { try TensorFile(reading: folder.root) }
  }
}
