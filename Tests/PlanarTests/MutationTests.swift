// Files that are nearly right: every reader accepts them or refuses them in a sentence, in bounded time and memory.
//
//   make mutate MUTATIONS=100000     as many files for each reader; a few hundred are part of `make test`

import Foundation
import PlanarProgramTesting
import Testing

@Suite struct MutationTests {
  private static let isLong = ProcessInfo.processInfo.environment["PLANAR_MUTATIONS"] != nil
  /// How many files each reader gets.
  private static let count = ProcessInfo.processInfo.environment["PLANAR_MUTATIONS"].flatMap(Int.init) ?? 100

  @Test func everyReaderAcceptsOrRefuses() throws {
    var arguments = ["--count", "\(Self.count)"]
    let environment = ProcessInfo.processInfo.environment
    // The same files each time in the ordinary suite, other ones each time in the long form.
    let seed = environment["PLANAR_MUTATIONS_SEED"] ?? (Self.isLong ? nil : "2")
    if let seed { arguments += ["--seed", seed] }
    if let readers = environment["PLANAR_MUTATIONS_READERS"] { arguments += ["--readers", readers] }
    let run = try run("mutations", arguments)
    print(run.output)
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
  }

  /// Each file under `Found` has once crashed its reader, or was refused in words that nobody can use.
  @Test func whatWasFoundStaysMended() throws {
    let run = try run("mutations", ["--corpus", projectFolder.appendingPathComponent("Tests/Mutations/Found").path])
    #expect(run.status == 0, "\(run.output)\n\(run.errors)")
  }
}
