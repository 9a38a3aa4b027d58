// Features in files: the form that is written, and the one that older programs wrote.

import Foundation
import PlanarArmEnvironments
import PlanarPolicyInterface
import Testing

@Suite struct FeatureFormTests {
  private func features() throws -> FeatureSet {
    var settings = EnvironmentSettings(randomization: "none")
    settings.image = PictureSize(width: 64, height: 48)
    settings.touch = true
    return try ArmEnvironment(named: "push", settings: settings).features
  }

  @Test func whatIsWrittenIsRead() throws {
    let features = try features()
    let data = try JSONEncoder().encode(features)
    #expect(try JSONDecoder().decode(FeatureSet.self, from: data) == features)
  }

  /// An entry for each feature, and the picture's area beside it.
  @Test func theOlderFormMeansTheSame() throws {
    let features = try features()
    func old(_ name: String) throws -> [String: Any] {
      let spec = name == "action" ? features.action : features[name]
      let data = try JSONEncoder().encode(#require(spec))
      var entry = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
      for key in ["dtype", "area", "sensorSwitch"] { entry[key] = nil }
      return entry
    }
    let area = try JSONSerialization.jsonObject(with: JSONEncoder().encode(#require(features.image?.area)))
    let form: [String: Any] = [
      "proprioception": try old("observation.state"), "objects": try old("observation.environment_state"),
      "image": try old("observation.images.top"), "imageArea": area, "touch": try old("observation.touch"),
      "action": try old("action"), "robots": features.robots,
    ]
    let data = try JSONSerialization.data(withJSONObject: form)
    #expect(try JSONDecoder().decode(FeatureSet.self, from: data) == features)
  }

  @Test func sensorsAreSwitchedOnForWhatIsNeeded() throws {
    let needed = try features()
    var settings = EnvironmentSettings(randomization: "none")
    settings.switchOnSensors(for: needed)
    #expect(try ArmEnvironment(named: "push", settings: settings).features == needed)
    var own = EnvironmentSettings(randomization: "none")
    own.image = PictureSize(side: 32)
    own.switchOnSensors(for: needed)
    #expect(own.image?.width == 32, "what was asked for stays")
  }
}

@Suite struct ObservationArrayTests {
  @Test func arraysAreChangedAddedAndTakenAway() {
    var seen = Observation(proprioception: [1, 2], objects: [3, 4, 5], command: "go")
    seen.set("observation.depth", bytes: [6, 7])
    seen.set("observation.state", floats: [8, 9])
    #expect(seen.floats == [8, 9, 3, 4, 5] && seen.bytes == [6, 7])
    seen.remove("observation.state")
    #expect(seen.floats("observation.state").isEmpty && seen.floats("observation.environment_state") == [3, 4, 5])
    seen.set("observation.state", floats: [1])
    #expect(
      seen.layout.fields.map(\.name) == ["observation.environment_state", "observation.depth", "observation.state"])
    #expect(seen.floats("observation.state") == [1] && seen.bytes("observation.depth") == [6, 7])
  }

  @Test func onlyWhatBothHaveIsCompared() {
    let plain = Observation(proprioception: [1], objects: [2], command: "go")
    var other = plain
    other.set("observation.touch", floats: [3])
    #expect(plain != other && plain.agrees(with: other) && other.agrees(with: plain))
    other.set("observation.state", floats: [4])
    #expect(!plain.agrees(with: other) && !other.agrees(with: plain))
  }
}
