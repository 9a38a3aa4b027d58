// A task in the middle of an episode: the task and what it remembers, behind one type for the environment.

import PlanarCore
import PlanarSceneDrawing

/// A task and its memory of an episode, whatever their types. Calls cost a table's jump; nothing is allocated but where an
/// episode begins.
protocol TaskEpisode: Sendable {
  /// Takes note of a control step and judges it.
  mutating func advance(_ environment: ArmEnvironment) -> Judgement
  func holdsRobot(_ environment: ArmEnvironment) -> Bool
  func relocation(_ environment: ArmEnvironment) -> Relocation?
  func cost(_ environment: ArmEnvironment) -> Double
  func observe(_ environment: ArmEnvironment) -> [Double]
  func drawing(of environment: ArmEnvironment) -> [DrawItem]
  func metrics(_ environment: ArmEnvironment) -> [String: Double]
  /// Takes on another episode's memory, in the room of its own; false where that is of another task.
  mutating func copyMemory(of other: any TaskEpisode) -> Bool
  /// The memory as a type; nil where it is of another one.
  func memory<Memory>(as type: Memory.Type) -> Memory?
}

private struct RunningTask<Task: ArmTask>: TaskEpisode {
  let task: Task
  var memory: Task.Memory

  mutating func advance(_ environment: ArmEnvironment) -> Judgement {
    task.note(environment, in: &memory)
    return task.judge(environment, memory)
  }

  func holdsRobot(_ environment: ArmEnvironment) -> Bool { task.holdsRobot(environment, memory) }
  func relocation(_ environment: ArmEnvironment) -> Relocation? { task.relocation(environment, memory) }
  func cost(_ environment: ArmEnvironment) -> Double { task.cost(environment, memory) }
  func observe(_ environment: ArmEnvironment) -> [Double] { task.observe(environment, memory) }
  func drawing(of environment: ArmEnvironment) -> [DrawItem] { task.drawing(of: environment, memory) }
  func metrics(_ environment: ArmEnvironment) -> [String: Double] { task.metrics(environment, memory) }

  mutating func copyMemory(of other: any TaskEpisode) -> Bool {
    guard let other = other as? Self else { return false }
    memory = other.memory
    return true
  }

  func memory<Memory>(as type: Memory.Type) -> Memory? { memory as? Memory }
}

extension ArmTask {
  /// An episode of the task in a scene.
  func episode(in scene: Scene) -> any TaskEpisode { RunningTask(task: self, memory: begin(in: scene)) }
}
