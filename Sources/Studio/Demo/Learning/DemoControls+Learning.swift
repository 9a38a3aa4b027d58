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
    ] + progress.plots.map { .plot($0) }
  }

  static var askID: String { "ask the expert" }
}
