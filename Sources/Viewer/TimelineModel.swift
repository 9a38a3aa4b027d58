// The bar below the scene on which a person moves through time, as a value.

/// Steps of time from the left to the right; a click or a drag gives `Event.scrubbed(step)`.
public struct TimelineModel: Equatable, Sendable {
  /// The first and the last step that can be shown.
  public var steps: ClosedRange<Int>
  /// The step that is shown.
  public var position: Int
  /// The step at the right end of the bar; not before the last one.
  public var end: Int
  /// Steps that are marked by ticks.
  public var marks: [Int]
  /// A figure at some of the steps, each 0 to 1, drawn as a curve above the bar; empty for none.
  public var curve: [Point]
  /// What the curve is, in a few words; left out where there is no room.
  public var curveLabel: String
  /// A few words at the left, such as the step and how many there are.
  public var label: String
  /// A few words at the right, such as the speed.
  public var detail: String

  /// A figure at a step.
  public struct Point: Equatable, Sendable {
    /// Where it stands.
    public var step: Int
    /// 0 to 1.
    public var value: Double

    /// A figure at a step.
    public init(step: Int, value: Double) {
      self.step = step
      self.value = value
    }
  }

  /// A bar of some steps.
  public init(
    steps: ClosedRange<Int>, position: Int, end: Int, marks: [Int] = [], curve: [Point] = [], curveLabel: String = "",
    label: String = "", detail: String = ""
  ) {
    self.steps = steps
    self.position = position
    self.end = max(end, steps.upperBound)
    self.marks = marks
    self.curve = curve
    self.curveLabel = curveLabel
    self.label = label
    self.detail = detail
  }

  /// The step at a share of the bar, 0 at its left and 1 at its right end; the nearest that can be shown.
  public func step(atShare share: Double) -> Int {
    let length = Double(end - steps.lowerBound)
    let step = steps.lowerBound + Int((min(max(share, 0), 1) * length).rounded())
    return min(step, steps.upperBound)
  }

  /// Where a step stands, 0 at the bar's left and 1 at its right end.
  public func share(ofStep step: Int) -> Double {
    end > steps.lowerBound ? Double(step - steps.lowerBound) / Double(end - steps.lowerBound) : 0
  }
}
