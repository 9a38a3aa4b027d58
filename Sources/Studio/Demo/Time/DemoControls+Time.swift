// What keys and the bar of time do: going back and forth, pace, and the thinking while time stands still.

import Foundation
import PlanarViewer

extension DemoControls {
  /// Time stands still, or goes on from the moment that is shown.
  mutating func togglePause() {
    isPaused.toggle()
    guard !isPaused else { return }
    playAllOfDenoising()
  }

  /// The episode from its start, or the first moment that is kept, to the one that is shown.
  public var episodes: [ShownEpisode] {
    lanes.map { lane in
      ShownEpisode(
        driver: lane.pilot.name, command: lane.command, ending: lane.ending.lowercasedFirst,
        place: "\(lane.world.name), randomization \(lane.world.randomization), seed \(lane.world.info.seed).",
        period: controlPeriod, scenes: lane.shownScenes)
    }
  }

  /// The episode as a page that needs nothing besides itself.
  package var page: Data { ShownEpisode.page(of: episodes) }

  mutating func takeSingleStep() {
    isPaused = true
    wantsSingleStep = true
  }

  /// Shows an earlier or later moment of the episode; time stands still there.
  mutating func seek(to step: Int) {
    letGo()
    isPaused = true
    isDenoisingHeld = false
    for index in lanes.indices { lanes[index].seek(to: step) }
    suggestion = session.world.suggestedCommand
    if !field.isFocused { screen.message = nil }
  }

  mutating func changeSpeed(by factor: Double) {
    speed = min(max(speed * factor, 0.125), 8)
  }

  mutating func toggle(_ view: ThinkingView) {
    playAllOfDenoising()
    let isOn = session.showing.contains(view)
    for index in lanes.indices {
      if isOn { lanes[index].showing.remove(view) } else { lanes[index].showing.insert(view) }
    }
    if !isOn, let reason = session.reasonForNothing(in: view) { show(reason) }
  }

  private mutating func playAllOfDenoising() {
    for index in lanes.indices { lanes[index].denoisingStep = nil }
    isDenoisingHeld = false
  }

  /// Stops at the denoising step before or after the one that is shown.
  mutating func stepDenoising(by step: Int) {
    guard let steps = session.denoisingSteps, let shown = session.shownDenoisingStep else { return }
    isPaused = true
    isDenoisingHeld = true
    session.denoisingStep = min(max(shown + step, 0), steps.upperBound)
  }

  /// While time stands still the denoising steps follow each other, over and over, unless they are gone through by hand.
  mutating func playDenoising() {
    guard isPaused, !isDenoisingHeld else { return }
    for index in lanes.indices {
      guard let steps = lanes[index].denoisingSteps else { continue }
      // The finished chunk stays for a while.
      let next = (lanes[index].denoisingStep ?? 0) + 1
      lanes[index].denoisingStep = next > steps.upperBound + 8 ? 0 : next
    }
  }
}
