// What of its commands a policy has not read: said, as success depends on it.

import PlanarCore
import PlanarPolicyInterface
import Synchronization

/// Counts commands that are longer than a policy reads, as episodes come.
final class UnreadCommands: Sendable {
  private struct Count {
    var commands = 0
    var cut = 0
    var example: (command: String, how: String)?
  }

  private let policy: (any Policy)?
  private let count = Mutex(Count())

  /// - Parameter policy: nil where somebody drives who reads everything.
  init(by policy: (any Policy)?) { self.policy = policy }

  func add(_ commands: [String]) {
    guard let policy else { return }
    count.withLock { count in
      for command in commands {
        count.commands += 1
        guard let how = policy.cutOff(of: command) else { continue }
        count.cut += 1
        if command < count.example?.command ?? "\u{10FFFF}" { count.example = (command, how) }
      }
    }
  }

  /// Tells on standard error how many there were, with an example; nothing where there was none.
  func tell() {
    count.withLock { count in
      guard let (command, how) = count.example else { return }
      warn(
        "\(count.cut) of \(count.commands) commands are longer than the policy reads: '\(shortened(command, to: 160))' \(how)",
        as: "Note")
    }
  }
}
