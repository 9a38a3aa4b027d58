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
    return [
      .heading("Chunks of \(session.pilot.name)"),
      .sliders(ChunkSlider.allCases.compactMap { slider($0, of: session.pilot) }),
    ]
      + (sliders.isEmpty
        ? [.message("This environment has nothing to set.", tone: .neutral)]
        : [.heading("World (Ctrl-Shift-K: as it was drawn)"), .sliders(sliders)])
  }

  private func slider(_ kind: ChunkSlider, of pilot: DemoPilot<World>) -> Slider? {
    guard let value = kind.value(of: pilot) else { return nil }
    let range = kind.range(of: pilot)
    let length = max(1, range.upperBound - range.lowerBound)
    return Slider(
      id: kind.rawValue, label: kind.label, text: kind.text(value),
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
    let range = kind.range(of: session.pilot)
    let value = range.lowerBound + Int((share * Double(range.upperBound - range.lowerBound)).rounded())
    var (execution, sampling) = (session.pilot.execution, session.pilot.sampling)
    guard let known = kind.value(of: session.pilot), value != known else { return }
    switch kind {
    case .horizon: execution.horizon = value
    case .delay: execution.delay = value
    case .steps: sampling?.steps = value
    case .guidance: sampling?.guidance = Double(value) / ChunkSlider.guidanceParts
    }
    if execution != session.pilot.execution {
      try session.setExecution(execution)
    } else if let sampling {
      try session.setSampling(sampling)
    }
    tally = LaneTally()
  }

  /// All is as it was drawn; the scene begins anew.
  mutating func resetWorld() {
    perform { try $0.resetWorld() }
    tally = LaneTally()
  }
}

/// What of a policy's chunks can be set: how they are executed, and how they are made.
enum ChunkSlider: String, CaseIterable {
  case horizon = "execution horizon"
  case delay
  case steps = "denoising steps"
  case guidance

  /// Steps of the guidance's slider from one whole number to the next.
  static let guidanceParts = 4.0

  var label: String { self == .horizon ? "executed" : rawValue }

  /// The value as a whole number; nil where the pilot has nothing of the kind.
  func value<World>(of pilot: DemoPilot<World>) -> Int? {
    switch self {
    case .horizon: pilot.execution.horizon ?? 1
    case .delay: pilot.execution.delay
    case .steps: pilot.sampling?.steps
    case .guidance: pilot.sampling?.guidance.map { Int(($0 * Self.guidanceParts).rounded()) }
    }
  }

  func range<World>(of pilot: DemoPilot<World>) -> ClosedRange<Int> {
    let prediction = pilot.horizons.prediction
    return switch self {
    case .horizon: 1...prediction
    case .delay: 0...max(1, prediction / 2)
    case .steps: 1...max(1, pilot.sampling?.mostSteps ?? 1)
    case .guidance: 0...Int(5 * Self.guidanceParts)
    }
  }

  /// The value with its unit.
  func text(_ value: Int) -> String {
    switch self {
    case .horizon, .delay, .steps: value == 1 ? "1 step" : "\(value) steps"
    case .guidance: "× \(Double(value) / Self.guidanceParts)"
    }
  }
}
