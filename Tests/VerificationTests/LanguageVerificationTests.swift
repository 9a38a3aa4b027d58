// MiniLM against PyTorch's numbers, where its weights are; what is refused, anywhere.

import Foundation
import PlanarLanguage
import PlanarCore
import Testing
import PlanarVerification

private let sentences = Bundle.module.bundleURL.appendingPathComponent("Resources/language", isDirectory: true)

/// Whether `make minilm` has been run.
private let hasModel: Bool = {
  let isThere = (try? MiniLM.shared()) != nil
  if !isThere {
    print("MiniLM's weights are not here, so tests that need them are skipped; 'make minilm' fetches them")
  }
  return isThere
}()

@Suite struct LanguageVerificationTests {
  @Test(.enabled(if: hasModel)) func everyReferenceCasePasses() throws {
    let report = try LanguageVerification.run(directory: sentences, threads: 2)
    #expect(report.cases.count > 12)
    for result in report.cases {
      #expect(result.passed, "\(result.name): \(result.quantity) \(result.error) > \(result.tolerance)")
    }
    #expect(report.cases.last?.checks?.count == 7, "the first norm and six layers")
  }

  @Test(
    .enabled(if: hasModel),
    arguments: [
      ("items/0/ids/2", "identifiers that differ"), ("items/1/embedding/17", "embedding"),
      ("debug/values/3/1/2", "layer 3"),
    ])
  func oneSpoiledNumberFailsItsCaseAlone(path: String, quantity: String) throws {
    let folder = try TemporaryFolder(copyOf: sentences)
    try folder.edit("minilm.json", at: path) {
      let number = ($0 as! NSNumber).doubleValue
      return path.contains("ids") ? number + 1 : number + 1e-4
    }
    let failed = try LanguageVerification.run(directory: folder.url, threads: 1).cases.filter { !$0.passed }
    #expect(failed.count == 1)
    #expect(failed.first?.checks?.filter { !$0.passed }.map(\.quantity) == [quantity])
  }

  @Test(arguments: [
    ("dim", "768", "it is of a model with 768 features and 256 pieces"),
    ("items/0/text", "\"pull\"", "its texts are not those of commands.json beside it"),
    ("items/1/embedding", "[1]", "has 1 numbers, not 384"),
    ("debug/item", "99", "'debug' is not of one of its items, or not of 7 layers"),
  ])
  func aFileThatContradictsItselfIsRefused(path: String, value: String, reason: String) throws {
    let folder = try TemporaryFolder(copyOf: sentences)
    let json = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    try folder.edit("minilm.json", at: path) { _ in json }
    let error = #expect(throws: UserError.self) {
      try LanguageVerification.run(directory: folder.url, threads: 1)
    }
    #expect(error!.message.contains(reason) && error!.message.contains("minilm.json"), "\(error!.message)")
  }

  @Test func missingFilesAreRefused() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: UserError.self) {
      try LanguageVerification.run(directory: folder.url, threads: 1)
    }
    #expect(error!.message.hasSuffix("expected a folder as make_language.py writes it"))
    let model = #expect(throws: UserError.self) {
      try LanguageVerification.run(directory: sentences, model: folder.url, threads: 1)
    }
    #expect(model!.message.contains("make minilm"))
  }
}
