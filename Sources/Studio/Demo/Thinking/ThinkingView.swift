// What of a driver's thinking can be drawn over the scene.

/// One way to look at how a chunk came about. Looking changes nothing of what the policy does.
public enum ThinkingView: String, CaseIterable, Codable, Hashable, Sendable {
  /// More samples of the chunk, from the same request and other noise.
  case fan
  /// The way from noise to the chunk, one denoising step after the other.
  case denoising
  /// The chunk that the expert would have executed from the same state.
  case ghost
  /// Under a delay: where the policy was asked, the old chunk that goes on, the answer on its way, and the jump.
  case delay
  /// What the policy looks at: objects, and words of the command.
  case attention
  /// Where the expert's demonstrations go over the table, and where the driver goes.
  case visits
  /// Curves along the bar of time: distance to the goal, jumps, how far the states are from the demonstrations.
  case curves

  /// What the panel calls it.
  public var label: String {
    switch self {
    case .fan: "Fan of samples"
    case .denoising: "Denoising"
    case .ghost: "Expert's ghost"
    case .delay: "Late answers"
    case .attention: "Attention"
    case .visits: "Heat map"
    case .curves: "Curves"
    }
  }

  /// What the help says of it.
  public var explanation: String {
    switch self {
    case .fan: "Fan: more samples of the chunk, from other noise"
    case .denoising: "Denoising: from noise to the chunk; [ and ] step through it"
    case .ghost: "Ghost: what the expert would do here, and the angle between"
    case .delay: "Late answers: the old chunk, the answer, and the jump (--delay)"
    case .attention: "Attention: which objects and words the policy looks at"
    case .visits: "Heat map: where the expert's demonstrations go, and where the policy goes"
    case .curves: "Curves: distance to the goal, jumps, states unlike the demonstrations"
    }
  }

  /// The letter that switches it with Ctrl.
  public var letter: Character {
    switch self {
    case .fan: "f"
    case .denoising: "d"
    case .ghost: "t"
    case .delay: "w"
    case .attention: "x"
    case .visits: "m"
    case .curves: "u"
    }
  }
}
