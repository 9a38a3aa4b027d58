// What a policy is told of the chunk that is still being executed: real-time chunking's side of the interface.

/// What will still be executed of the previous chunk while the answer is computed, and what it planned beyond.
///
/// ```
///   previous chunk  |x x x x x x x x p p p p p p p p|      x executed, p planned
///   asked here                       ^
///   new chunk                        |f f f f s s s s . . . . . . . .|
///                                     frozen  soft    free
///                                     0 … d   d … freeFrom
/// ```
public struct ChunkContinuation: Equatable, Sendable {
  /// The rest of the previous chunk: its step i is step i of the new chunk.
  public var previous: ActionChunk
  /// Steps of it that are executed before the answer arrives (d).
  public var frozenSteps: Int
  /// From this step on the new chunk owes the previous one nothing (Tp − s, s steps being executed per chunk).
  public var freeFrom: Int

  /// Continues `previous`: its first `frozenSteps` stay, and from `freeFrom` on nothing of it binds.
  public init(previous: ActionChunk, frozenSteps: Int, freeFrom: Int) {
    precondition(
      frozenSteps >= 0 && frozenSteps <= previous.horizon && freeFrom >= frozenSteps,
      "frozen steps are some of the previous chunk's, and free ones come after them")
    self.previous = previous
    self.frozenSteps = frozenSteps
    self.freeFrom = freeFrom
  }
}
