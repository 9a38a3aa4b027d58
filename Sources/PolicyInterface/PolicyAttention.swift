// What a policy looked at for an answer.

/// How a policy's attention was shared out: what the tokens that its decoder reads attend to, as the mean over layers and
/// heads. All shares together are 1.
public struct PolicyAttention: Equatable, Sendable {
  /// A word of the command with its share.
  public struct Word: Equatable, Sendable {
    /// As the policy reads it.
    public var text: String
    /// 0 to 1.
    public var share: Double

    /// A word with its share.
    public init(text: String, share: Double) {
      self.text = text
      self.share = share
    }
  }

  /// By the name of the observed array, the shares of its tokens, in their order: such as one for each object.
  public var features: [String: [Double]]
  /// The words in their order; empty where it is not known which of them were read.
  public var words: [Word]
  /// The command's share.
  public var command: Double

  /// Attention as it was shared out.
  public init(features: [String: [Double]], words: [Word], command: Double) {
    self.features = features
    self.words = words
    self.command = command
  }
}
