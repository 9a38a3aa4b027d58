// Domain randomization: every item does something, can be pinned, and is recorded; pictures stay readable.

import PlanarArmEnvironments
import Foundation
import PlanarCore
import PlanarPolicyInterface
import PlanarSceneDrawing
import Testing

@Suite struct RandomizationTests {
  /// A value that every item can be pinned to, far enough from nominal to be felt.
  static let felt: [String: Double] = [
    "color": 0.1, "background": 0.1, "light": 0.8, "texture": 0.8, "brightness": 0.1, "contrast": 0.2,
    "prints": 4, "camera_shift": 0.02, "camera_angle": 0.05, "camera_zoom": 1.05, "camera_noise": 0.03,
    "size": 1.3, "mass": 2.5, "contact_friction": 0.3, "support_friction": 0.4, "restitution": 0.8,
    "tilt": 0.05, "vibration": 4, "motor_gain": 0.5, "link_mass": 1.6, "motor_lag": 0.1, "backlash": 0.03,
    "command_delay": 0.1, "joint_friction": 3, "joint_noise": 0.01, "joint_bias": 0.02, "position_noise": 0.01,
    "position_bias": 0.02, "angle_noise": 0.1,
  ]

  /// What only a camera can tell; colours of objects are observed, so that they count as state.
  static let looks: Set<String> = [
    "background", "light", "texture", "brightness", "contrast", "prints", "camera_shift", "camera_angle",
    "camera_zoom", "camera_noise",
  ]

  private func environment(_ pins: [String: Double]) throws -> ArmEnvironment {
    var settings = EnvironmentSettings(randomization: "none")
    settings.pins = pins
    settings.image = PictureSize(side: 48)
    return try ArmEnvironment(named: "push", settings: settings)
  }

  /// Observations of an episode that the expert drives: it touches things, and one of them flies into a wall.
  private func episode(_ environment: ArmEnvironment) throws -> [Observation] {
    var environment = environment
    var observations = [try environment.reset(seed: 4, command: .drawn)]
    var expert = try #require(environment.scriptedExpert)
    expert.beginEpisode(seed: 4)
    for step in 0..<40 {
      if step == 5 { environment.shove(body: 0, velocity: Vec2(3, 0)) }
      observations.append(environment.step(expert.action(in: environment)).observation)
    }
    return observations
  }

  @Test(arguments: randomizationFactors.names)
  func everyFactorIsFelt(factor: String) throws {
    let value = try #require(Self.felt[factor])
    let plain = try episode(environment([:]))
    let changed = try episode(environment([factor: value]))
    let sameState = zip(plain, changed).allSatisfy {
      $0.proprioception == $1.proprioception && $0.objects == $1.objects
    }
    let samePictures = zip(plain, changed).allSatisfy { $0.image == $1.image }
    if Self.looks.contains(factor) {
      #expect(sameState, "\(factor) is for cameras alone")
      #expect(!samePictures, "\(factor) changes no picture")
    } else {
      #expect(!sameState, "\(factor) changes nothing that is observed")
    }
  }

  @Test func aPinnedItemIsTheSameInEveryEpisodeAndNothingElseChanges() throws {
    var settings = EnvironmentSettings(randomization: "wide")
    var free = try ArmEnvironment(named: "push", settings: settings)
    settings.pins = ["mass": 2, "tilt": 0.01, "object1.size": 1.1]
    var pinned = try ArmEnvironment(named: "push", settings: settings)
    for seed in 0..<20 as Range<UInt64> {
      _ = try free.reset(seed: seed, command: .drawn)
      _ = try pinned.reset(seed: seed, command: .drawn)
      #expect(pinned.info.command == free.info.command)
      let draws = pinned.info.draws
      #expect(draws["tilt"] == 0.01 && draws["object1.size"] == 1.1)
      for name in draws.keys where !["tilt", "object1.size"].contains(name) {
        if name.hasSuffix(".mass") {
          #expect(draws[name] == 2)
        } else {
          #expect(draws[name] == free.info.draws[name], "\(name)")
        }
      }
    }
  }

  @Test func whatCannotBePinnedSaysWhy() throws {
    func message(_ key: String, _ value: Double) -> String {
      var settings = EnvironmentSettings(randomization: "none")
      settings.pins = [key: value]
      do {
        _ = try ArmEnvironment(named: "push", settings: settings)
        return ""
      } catch { return "\(error)" }
    }
    #expect(message("motor_gian", 1) == "domain randomization has no item 'motor_gian'; did you mean 'motor_gain'?")
    #expect(message("mass", 0) == "'mass' is 0.0, but must lie between 0.01 and 100.0")
    #expect(message("tilt", 2) == "'tilt' is 2.0, but must lie between 0.0 and 1.0 rad")
    #expect(message("object0.tilt", 0.1) == "'tilt' is not drawn for each object; pin it as 'tilt'")
    #expect(message("friction", 0.3) == "")
    #expect(message("frction", 0.3) == "domain randomization has no item 'frction'; did you mean 'friction'?")
  }

  @Test func aFactorOfOneObjectIsPinnedByItsAlias() throws {
    var settings = EnvironmentSettings(randomization: "train")
    settings.pins = ["object1.friction": 0.3]
    var environment = try ArmEnvironment(named: "push", settings: settings)
    _ = try environment.reset(seed: 1, command: .drawn)
    #expect(environment.info.draws["object1.support_friction"] == 0.3)
    #expect(environment.info.draws["object0.support_friction"] != 0.3)
  }

  @Test func everyDrawIsRecordedAndReproduced() throws {
    var environment = try ArmEnvironment(named: "push", randomization: "wide")
    _ = try environment.reset(seed: 9, command: .drawn)
    let first = environment.info.draws
    for name in [
      "motor_gain", "link_mass", "motor_lag", "backlash", "command_delay", "joint_friction", "tilt",
      "vibration", "light", "texture", "brightness", "contrast", "camera_angle", "camera_zoom",
      "joint0.bias", "position_bias.x", "object2.restitution", "table.red",
    ] { #expect(first[name] != nil, "\(name) is not recorded") }
    _ = try environment.reset(seed: 10, command: .drawn)
    #expect(environment.info.draws != first)
    _ = try environment.reset(seed: 9, command: .drawn)
    #expect(environment.info.draws == first)
  }

  /// Over 1,000 `wide` scenes as the camera shows them, in their light, exposure and colours.
  @Test func theNamedColourIsTheNearestOne() throws {
    var environment = try ArmEnvironment(named: "push", randomization: "wide")
    let palette = environment.specification.objects.colors
    var image = Image(width: 1, height: 1)
    var seen = 0
    var told = 0
    for seed in 0..<1000 as Range<UInt64> {
      _ = try environment.reset(seed: seed, command: .drawn)
      let object = try #require(environment.goalObject)
      let center = environment.physics.states[object].position
      let camera = environment.topCamera(width: 128, height: 92)
      var list = environment.drawList
      // The arm is drawn last, a link and its joints: it may lie above the object.
      list.items.removeLast(environment.physics.arm.jointCount + 2)
      camera.render(list, into: &image)
      let place = camera.project(center)
      guard (0..<128).contains(Int(place.x)), (0..<92).contains(Int(place.y)) else { continue }
      seen += 1
      let name = nearestColorName(of: image[Int(place.x), Int(place.y)], in: palette)
      told += name == environment.scene.objects[object].colorName ? 1 : 0
    }
    #expect(seen >= 990)
    #expect(Double(told) >= 0.995 * Double(seen))
  }

  @Test func theHeldOutRobotIsNoneThatWasTrainedOn() throws {
    let specification = try ArmEnvironment(named: "push", randomization: "real").specification
    let real = try specification.level(named: "real")
    let train = try specification.level(named: "train")
    let foreign = randomizationFactors.names.filter { !real[$0].overlaps(train[$0]) }
    for factor in [
      "contact_friction", "tilt", "vibration", "motor_lag", "backlash", "command_delay", "light", "texture",
    ] { #expect(foreign.contains(factor), "\(factor) was met in training") }
  }

  @Test func everyFactorIsDescribedOnce() throws {
    let factors = randomizationFactors.entries
    #expect(Set(factors.map(\.name)).count == factors.count && Set(factors.map(\.meaning)).count == factors.count)
    for factor in factors {
      #expect(factor.limits.contains(factor.nominal), "\(factor.name)")
      #expect(factor.limits.contains(Self.felt[factor.name] ?? .nan), "\(factor.name)")
    }
  }

  /// A factor that Planar does not have: its range is read, pinned and drawn as any other's.
  @Test func aFactorFromOutsideIsPinnedWithinItsLimits() throws {
    let factor = RandomizationFactor(
      "start_speed", .spread, .speed, 0...1, "farthest that objects begin to slide either way",
      .world { world, draw in
        for body in world.states.indices { world.states[body].velocity.x = draw.value(of: body) }
      })
    var level = RandomizationLevel(name: "mine", factors: randomizationFactors.entries + [factor])
    #expect(level.varied.isEmpty && level["start_speed"] == 0...0)
    try level.pin("start_speed", to: 0.5)
    #expect(level.varied == [factor] && level.most("start_speed") == 0.5)
    #expect(factor.text(level["start_speed"]) == "± 0.5 m/s")
    let error = #expect(throws: UserError.self) { try level.pin("start_speed", to: 2) }
    #expect(error?.message == "'start_speed' is 2.0, but must lie between 0.0 and 1.0 m/s")
  }
}
