import ArgumentParser
import Datasets
import Evaluation
import Foundation
import Policies
import PolicyInterface
import Rollouts
struct DebugCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "debug")
  @Argument var folder: String
  @Option var steps: Int?
  func run() throws {
    let p = try Checkpoint.load(URL(fileURLWithPath: folder), steps: steps)
    let store = try EpisodeStore(reading: URL(fileURLWithPath: "/tmp/demos8"))
    let eps = Array(try store.episodes(inShard: 0).prefix(40))
    var h: [ObservationHistory] = []; var l: [ActionChunk] = []
    for e in eps { for (f, c) in zip(e.labelFrames, e.labels) { h.append(e.history(at: f, horizon: 2)); l.append(c) } }
    var ls = LabelSet(features: store.info.features, horizons: store.info.horizons); try ls.append(eps)
    _ = ls
    for block in [32] {
    let pr = predictChunks(of: p, for: h, seed: 1, blockSize: block)
    let err = ChunkError(predicted: pr, labels: l, executionHorizon: 8)
    print(block, err.meanExecuted, err.meanWhole, err.byStep.map { ($0 * 1000).rounded() / 1000 })
    }
    print(predictChunks(of: p, for: Array(h.prefix(1)), seed: 1)[0].values)
    print(l[0].values)
  }
}
