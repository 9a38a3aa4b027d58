// How a person looks at a demo: what stays when another session is opened.

/// Pace, pictures and overlays of a demo.
public struct DemoView: Hashable, Sendable {
  /// What is shown of the policy's thinking.
  public var showing: Set<ThinkingView>
  /// Whether time stands still.
  public var isPaused: Bool
  /// How many times as fast as it is the episode is shown.
  public var speed: Double
  /// Whether the camera's picture stands beside the scene.
  public var showsPicture: Bool
  /// Whether objects bear the initials of their colours.
  public var showsInitials: Bool

  /// Whether the factors of the world can be set in the panel.
  public var showsWorld: Bool

  /// Everything at its own pace, with initials on the objects.
  public init(
    showing: Set<ThinkingView> = [], isPaused: Bool = false, speed: Double = 1, showsPicture: Bool = false,
    showsInitials: Bool = true, showsWorld: Bool = false
  ) {
    self.showing = showing
    self.isPaused = isPaused
    self.speed = speed
    self.showsPicture = showsPicture
    self.showsInitials = showsInitials
    self.showsWorld = showsWorld
  }
}
