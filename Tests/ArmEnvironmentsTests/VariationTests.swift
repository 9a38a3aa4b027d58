// What a recording says of its environment is enough to load it again.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface
import Testing

@Suite struct VariationTests {
  @Test func settingsComeBackFromTheirWords() throws {
    var settings = EnvironmentSettings(randomization: "wide")
    settings.pins = ["friction": 0.1 + 0.2, "motor_gain": 1]
    settings.robot = "gantry"
    settings.language = .korean
    settings.split = .paraphrase
    settings.image = PictureSize(width: 64, height: 48)
    settings.touch = true
    settings.options = ["segments": 5]
    settings.actionSpace = "tip_target"
    settings.rung = 3
    let variation = settings.variation
    #expect(
      variation.count == 10 && variation["rung"] == "3" && variation["segments"] == "5" && variation["image"] == "64x48"
    )
    let again = try EnvironmentSettings(randomization: "wide", variation: variation)
    #expect(again.variation == variation && again.randomization == "wide")
    #expect(again == settings)
    #expect(EnvironmentSettings(randomization: "none").variation.isEmpty)
  }

  @Test func theEnvironmentTellsIt() throws {
    var settings = EnvironmentSettings(randomization: "none")
    settings.pins = ["friction": 0.4]
    settings.touch = true
    let world = try ArmEnvironment(settings: settings)
    #expect(world.variation == ["set.friction": "0.4", "touch": "true"])
    #expect(try ArmEnvironment(randomization: "wide").variation.isEmpty)
  }

  @Test(arguments: [
    ("touch", "perhaps"), ("language", "fr"), ("image", "64x"), ("image", "0x3"), ("set.friction", "low"),
    ("segments", "many"), ("colour", "red"),
  ])
  func wordsThatAreNotUnderstoodAreRefused(option: String, value: String) {
    let error = #expect(throws: UserError.self) {
      try EnvironmentSettings(randomization: "train", variation: [option: value])
    }
    #expect(error?.message.contains(option) == true)
  }
}
