// What there is to go on with: environments, and the policies that were trained for each.

/// Environments and policies to choose from.
public struct DemoMenu: Sendable {
  /// An environment.
  public struct Place: Sendable {
    /// A name under `Environments/`.
    public var name: String
    /// What it is about, as a sentence.
    public var purpose: String

    /// An environment with what it is about.
    public init(name: String, purpose: String) {
      self.name = name
      self.purpose = purpose
    }
  }

  /// A policy that is there to be loaded.
  public struct Entry: Sendable {
    /// A shipped checkpoint.
    public var name: String
    /// The environment that it was trained for.
    public var environment: String
    /// How it acts and what it sees, in a few words, such as `flow, sees pictures`.
    public var detail: String
    /// Why it cannot drive in the present session, in a few words; nil where it can.
    public var problem: String?

    /// A policy that can drive, or not.
    public init(name: String, environment: String, detail: String, problem: String? = nil) {
      self.name = name
      self.environment = environment
      self.detail = detail
      self.problem = problem
    }
  }

  /// In their order.
  public var places: [Place]
  /// Of all environments.
  public var policies: [Entry]

  /// A menu.
  public init(places: [Place], policies: [Entry]) {
    self.places = places
    self.policies = policies
  }
}
