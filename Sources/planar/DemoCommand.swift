import ArgumentParser

struct DemoCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "demo")
  func run() throws {}
}
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "compare")
  func run() throws {}
}
struct DAggerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "dagger")
  func run() throws {}
}
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "bench")
  func run() throws {}
}
