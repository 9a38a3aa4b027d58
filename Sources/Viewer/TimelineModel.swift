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
  /// Figures along the way, one above the other over the bar, the first at the top.
  public var curves: [Curve]
  /// A few words at the left, such as the step and how many there are.
  public var label: String
  /// A few words at the right, such as the speed.
  public var detail: String

  /// A figure at some of the steps.
  public struct Curve: Equatable, Sendable {
    /// What it is, with what its top means, in a few words.
    public var label: String
    /// From left to right.
    public var points: [Point]
    /// Which of the colours for curves it has, 0 to 3.
    public var ink: Int

    /// A curve with its label.
    public init(_ label: String, _ points: [Point], ink: Int) {
      self.label = label
      self.points = points
      self.ink = ink
    }
  }

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
    steps: ClosedRange<Int>, position: Int, end: Int, marks: [Int] = [], curves: [Curve] = [], label: String = "",
    detail: String = ""
  ) {
    self.steps = steps
    self.position = position
    self.end = max(end, steps.upperBound)
    self.marks = marks
    self.curves = curves
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
