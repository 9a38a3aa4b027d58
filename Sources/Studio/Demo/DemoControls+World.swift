// The world and the policy's chunks in a person's hands: sliders.

import PlanarArmEnvironments
import PlanarRollouts
import PlanarViewer

extension DemoControls {
  /// Sliders for the factors of the world, where they are shown, and for how the policy's chunks are executed.
  var worldItems: [PanelItem] {
    guard showsWorld else { return [] }
    let factors = session.world.adjustableFactors
    let sliders = factors.map { factor in
      Slider(
        id: factor.name, label: factor.name.replacing("_", with: " "), text: factor.text, share: factor.share,
        isSet: session.adjusted.contains(factor.name))
    }
    return [.heading("Chunks of \(session.pilot.name)"), .sliders(ChunkSlider.allCases.map(slider))]
      + (sliders.isEmpty
        ? [.message("This environment has nothing to set.", tone: .neutral)]
        : [.heading("World (Ctrl-Shift-K: as it was drawn)"), .sliders(sliders)])
  }

  private func slider(_ kind: ChunkSlider) -> Slider {
    let (value, range) = (
      kind.value(of: session.pilot.execution), kind.range(prediction: session.pilot.horizons.prediction)
    )
    let length = max(1, range.upperBound - range.lowerBound)
    return Slider(
      id: kind.rawValue, label: kind.label, text: value == 1 ? "1 step" : "\(value) steps",
      share: Double(value - range.lowerBound) / Double(length))
  }

  /// Sets factors of the world in all lanes, those that there are here.
  ///
  /// - Throws: `UserError` where a value is out of a factor's limits.
  public mutating func adjust(_ factors: [String: Double]) throws {
    let known = Set(session.world.adjustableFactors.map(\.name))
    for (name, value) in factors.sorted(by: { $0.key < $1.key }) where known.contains(name) {
      for index in lanes.indices { try lanes[index].adjust(name, to: value) }
    }
  }

  /// Sets what a slider stands for, in all lanes; how chunks are executed in the lane in focus.
  mutating func setSlider(_ id: String, to share: Double) {
    do {
      if let kind = ChunkSlider(rawValue: id) {
        try set(kind, to: share)
      } else if let factor = session.world.adjustableFactors.first(where: { $0.name == id }) {
        let value = factor.value(atShare: share)
        guard value != factor.value || !session.adjusted.contains(id) else { return }
        for index in lanes.indices { try lanes[index].adjust(id, to: value) }
        tally = LaneTally()
      }
      if !field.isFocused { screen.message = nil }
    } catch {
      show(sentence(of: error), tone: .bad)
    }
  }

  private mutating func set(_ kind: ChunkSlider, to share: Double) throws {
    let range = kind.range(prediction: session.pilot.horizons.prediction)
    let value = range.lowerBound + Int((share * Double(range.upperBound - range.lowerBound)).rounded())
    var execution = session.pilot.execution
    guard value != kind.value(of: execution) else { return }
    switch kind {
    case .horizon: execution.horizon = value
    case .delay: execution.delay = value
    }
    try session.setExecution(execution)
    tally = LaneTally()
  }

  /// All is as it was drawn; the scene begins anew.
  mutating func resetWorld() {
    perform { try $0.resetWorld() }
    tally = LaneTally()
  }
}

/// What of a chunk's execution can be set.
enum ChunkSlider: String, CaseIterable {
  case horizon = "execution horizon"
  case delay

  var label: String {
    switch self {
    case .horizon: "executed"
    case .delay: "delay"
    }
  }

  func value(of execution: ChunkExecution) -> Int {
    switch self {
    case .horizon: execution.horizon ?? 1
    case .delay: execution.delay
    }
  }

  /// - Parameter prediction: the prediction horizon.
  func range(prediction: Int) -> ClosedRange<Int> {
    switch self {
    case .horizon: 1...prediction
    case .delay: 0...max(1, prediction / 2)
    }
  }
}
