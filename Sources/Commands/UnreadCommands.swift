// What of its commands a policy has not read: said, as success depends on it.

import PlanarCore
import PlanarPolicyInterface

/// Tells on standard error how many commands are longer than a policy reads, with an example; nothing where none is.
func noteUnread(_ commands: [String], by policy: (any Policy)?) {
  guard let policy else { return }
  let cut = Set(commands).compactMap { command in policy.cutOff(of: command).map { (command, $0) } }
  guard let (example, how) = cut.min(by: { $0.0 < $1.0 }) else { return }
  let names = Set(cut.map(\.0))
  let count = commands.count { names.contains($0) }
  warn(
    "\(count) of \(commands.count) commands are longer than the policy reads: '\(shortened(example, to: 160))' \(how)",
    as: "Note")
}
