// Which denoising step of the present chunk is shown.

extension DemoSession {
  /// The denoising steps of the present chunk that can be shown, the noise being step 0; nil where there are none, or
  /// nobody wants to see them.
  public var denoisingSteps: ClosedRange<Int>? {
    guard showing.contains(.denoising), let paths = thought.denoising, paths.count > 1 else { return nil }
    return 0...paths.count - 1
  }

  /// The denoising step that is drawn; nil without one.
  public var shownDenoisingStep: Int? {
    guard let steps = denoisingSteps else { return nil }
    if let denoisingStep { return min(max(denoisingStep, 0), steps.upperBound) }
    guard let chunk = shownChunk, chunk.executionHorizon > 1 else { return steps.upperBound }
    let share = Double(chunk.executedSteps - 1) / Double(chunk.executionHorizon - 1)
    return Int((min(max(share, 0), 1) * Double(steps.upperBound)).rounded())
  }

  /// Whether a denoising step stands in the place of the finished chunk.
  var isDenoising: Bool {
    guard let steps = denoisingSteps, let step = shownDenoisingStep else { return false }
    return step < steps.upperBound || denoisingStep != nil
  }
}
