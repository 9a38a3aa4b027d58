// A policy that learns while it is watched: the newest weights drive, curves grow in the panel, a key asks the expert.

import PlanarRollouts
import PlanarViewer

extension DemoControls {
  /// Lets the newest policy drive as soon as there is one; in the past, once the episode goes on from there.
  mutating func followLearning() {
    guard let feed = learning else { return }
    let progress = feed.latest()
    let isNew = progress.version != learningProgress?.version
    learningProgress = progress
    guard isNew, let policy = progress.policy else { return }
    do {
      for index in lanes.indices {
        guard let pilot = lanes[index].pilots.firstIndex(where: { $0.name == feed.pilot }) else { continue }
        try lanes[index].setDriver(ofPilot: pilot, to: .policy(policy))
      }
      tally = LaneTally()
    } catch {
      show(sentence(of: error), tone: .bad)
    }
  }

  /// Asks the expert for labels, or no more.
  mutating func toggleAsking() {
    guard let feed = learning else { return show("No policy learns here; planar demo --learn trains one.") }
    feed.ask(!(learningProgress?.isAsking ?? false))
    learningProgress = feed.latest()
  }

  /// Gives what a person did with the tip to the policy that learns, if one does and drove there.
  mutating func learn(from correction: Correction) {
    let way = "You led the tip for \(correction.steps == 1 ? "1 step" : "\(correction.steps) steps")"
    guard let feed = learning else {
      return tellEnd("\(way); planar demo --learn trains a policy that learns from it.", tone: .neutral)
    }
    guard correction.pilot == feed.pilot else {
      return tellEnd("\(way). Only '\(feed.pilot)' learns from that.", tone: .neutral)
    }
    guard correction.isOfPolicy else {
      return tellEnd("\(way). There is no policy yet that could learn from it.", tone: .neutral)
    }
    guard !correction.brokeRule else {
      return tellEnd("\(way) and broke a rule: nothing is learned from that.", tone: .bad)
    }
    let count = correction.episode.labels.count
    guard count > 0 else {
      return tellEnd(
        "\(way): too few to learn from. Lead it for \(correction.leastSteps) steps or more, or to the goal.", tone: .bad
      )
    }
    guard feed.teach(correction.episode) else {
      return tellEnd("\(way), but the learning is over.", tone: .bad)
    }
    learningProgress = feed.latest()
    tellEnd("\(way): \(count == 1 ? "1 label" : "\(count) labels") for '\(feed.pilot)'.", tone: .good)
  }

  /// Nothing where no policy learns.
  var learningItems: [PanelItem] {
    guard let progress = learningProgress else { return [] }
    return [
      .heading("Learning"), .message(progress.words, tone: .neutral, lines: 2),
      .switches([
        Switch(
          id: Self.askID, label: "Ask the expert", detail: progress.isAsking ? "DAgger" : "", key: "Ctrl-Y",
          isOn: progress.isAsking)
      ]),
      .readings([
        Reading("Labels by your hand", progress.labelsByHand == 0 ? "drag the tip" : "\(progress.labelsByHand)")
      ]),
    ] + progress.plots.map { .plot($0) }
  }

  static var askID: String { "ask the expert" }
}
