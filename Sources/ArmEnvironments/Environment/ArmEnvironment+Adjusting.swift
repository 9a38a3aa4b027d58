// Setting the world's factors by hand in the middle of an episode.

import PlanarCore
import PlanarPhysics

extension ArmEnvironment {
  /// The factors that the levels of the environment's file vary; those of the picture where there is a camera.
  public var adjustableFactors: [AdjustableFactor] {
    level.factors.compactMap {
      AdjustableFactor(
        $0, at: level, among: specification.levels, draws: info.draws, hasCamera: specification.sensors.image != nil)
    }
  }

  /// Gives a factor one value, of every object where each has its own: in this episode from now on, and in all that
  /// follow. Everything is where it is; what else was drawn stays as it was drawn.
  ///
  /// - Throws: `UserError` where there is no such factor, or the value is out of its limits.
  public mutating func adjust(_ factor: String, to value: Double) throws {
    var level = level
    try level.pin(factor, to: value)
    level.unpinObjects(factor)
    var scene = try Scene(specification, level, commands, seed: info.seed)
    // Where objects began is part of what words such as "nearest" meant.
    for index in scene.objects.indices where self.scene.objects.indices.contains(index) {
      scene.objects[index].start = self.scene.objects[index].start
    }
    scene.zones = self.scene.zones
    let (before, tip) = (physics, commandedTip)
    self.level = level
    self.scene = scene
    let noise = sensors
    sensors = scene.sensors
    sensors.takeStreams(of: noise)
    info.draws = scene.draws
    buildWorld()
    info.draws.merge(level.change(&physics, table: specification.table, seed: info.seed)) { $1 }
    physics.takeState(of: before)
    commandedTip = tip
  }
}
