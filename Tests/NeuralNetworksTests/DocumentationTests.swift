// The example in the module's page, run as it stands there.

import Foundation
import PlanarNeuralNetworks
import Testing

@Suite struct DocumentationTests {
  @Test func fiveLinesTrainANetwork() throws {
    let x = (0..<256).map { Float($0) / 128 - 1 }
    let y = x.map { sin(3 * $0) }

    var layout = ParameterLayout()
    let network = MLP(&layout, "sine", sizes: [1, 64, 64, 1], activation: .silu)
    let fit = Fit(layout, inputs: x, targets: y, rows: 256) { tape, x in tape.mlp(x, network) }
    for _ in 0..<1000 { fit.step() }
    let answer = fit.predict([0.5])

    #expect(abs(answer[0] - sin(1.5)) < 0.01)
    let predictions = fit.predict(x, rows: x.count)
    #expect(zip(predictions, y).allSatisfy { abs($0 - $1) < 0.03 })
  }

  @Test func theExampleIsTheOneThatWasRun() throws {
    let test = URL(fileURLWithPath: #filePath)
    let page = test.deletingLastPathComponent().appendingPathComponent("../../Sources/NeuralNetworks/README.md")
    let text = try String(contentsOf: page, encoding: .utf8)
    let section = try #require(text.components(separatedBy: "## Train something in five lines\n").last)
    let parts = section.components(separatedBy: "```")
    #expect(parts.count >= 3 && parts[1].hasPrefix("swift\n"))
    let run = Set(
      try String(contentsOf: test, encoding: .utf8).split(separator: "\n").map {
        $0.trimmingCharacters(in: .whitespaces)
      })
    let lines = parts[1].split(separator: "\n").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(lines.count >= 5)
    for line in lines { #expect(run.contains(line), "the page says, and no test runs: \(line)") }
  }
}
