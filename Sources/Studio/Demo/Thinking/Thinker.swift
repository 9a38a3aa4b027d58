// Looks into a driver's thinking after the fact, beside the rollout: with storage and random streams of its own.

import PlanarArmEnvironments
import PlanarCore
import PlanarPolicyInterface

/// Finds out what is to be seen of a question's answer.
struct Thinker<World: DrawableEnvironment> {
  /// Samples of a fan.
  static var fanCount: Int { 32 }

  /// Whose ghost is shown, if anyone's.
  let expert: (any Expert<World>)?
  /// One per pilot, made when it is looked into first.
  private var fans: [Int: any PolicyInference] = [:]
  private var denoisers: [Int: any PolicyInference] = [:]

  init(expert: (any Expert<World>)?) { self.expert = expert }

  /// Finds out what is shown and not yet known.
  mutating func complete(
    _ thought: inout Thought, of question: Question<World>, to views: Set<ThinkingView>, by pilot: DemoPilot<World>
  ) {
    if views.contains(.fan), thought.fan == nil { thought.fan = fan(of: question, pilot) }
    if views.contains(.denoising), thought.denoising == nil { thought.denoising = denoising(of: question, pilot) }
    if views.contains(.attention), thought.gaze == nil { thought.gaze = gaze(of: question, pilot) }
    if views.contains(.ghost), thought.ghost == nil { thought.ghost = ghost(beside: question, pilot) }
  }

  /// A pilot has another driver.
  mutating func forget(pilot: Int) {
    fans[pilot] = nil
    denoisers[pilot] = nil
  }

  private mutating func fan(of question: Question<World>, _ pilot: DemoPilot<World>) -> [[Vec2]] {
    guard let request = question.request, let policy = pilot.driver.policy else { return [] }
    let inference =
      fans[question.pilotIndex] ?? policy.makeInference(batch: Self.fanCount, in: question.world.features)
    fans[question.pilotIndex] = inference
    var stream = RandomStream(seed: question.world.info.seed, purpose: "fan of samples")
    var requests = (0..<Self.fanCount).map { _ in
      var other = request
      other.noise = RandomStream(seed: stream.next())
      return other
    }
    let before = requests[0].noise
    let chunks = inference.predict(&requests)
    guard requests[0].noise != before else { return [] }
    return chunks.map(question.world.commandedPath)
  }

  private mutating func denoising(of question: Question<World>, _ pilot: DemoPilot<World>) -> [[Vec2]] {
    guard var request = question.request, let policy = pilot.driver.policy else { return [] }
    let inference = denoisers[question.pilotIndex] ?? policy.makeInference(batch: 1, in: question.world.features)
    denoisers[question.pilotIndex] = inference
    let chunks = inference.denoise(&request)
    return chunks.count > 1 ? chunks.map(question.world.commandedPath) : []
  }

  private mutating func gaze(of question: Question<World>, _ pilot: DemoPilot<World>) -> Thought.Gaze {
    var gaze = Thought.Gaze(objects: [], words: [], command: 0, objectsTogether: 0, pictures: 0)
    guard let request = question.request, let policy = pilot.driver.policy else { return gaze }
    let inference = denoisers[question.pilotIndex] ?? policy.makeInference(batch: 1, in: question.world.features)
    denoisers[question.pilotIndex] = inference
    guard let attention = inference.attention(to: request) else { return gaze }
    let shares = attention.features[FeatureName.environmentState] ?? []
    let together = shares.reduce(0, +)
    let places = request.history.latest.objectPlaces(policy.features.objects)
    let seen = zip(places, shares).compactMap { place, share in place.map { ($0, share) } }
    let onSeen = seen.reduce(0) { $0 + $1.1 }
    gaze.objects = seen.map { ($0, onSeen > 0 ? $1 / onSeen : 0) }
    (gaze.words, gaze.command, gaze.objectsTogether) = (attention.words, attention.command, together)
    gaze.pictures = attention.features[FeatureName.topImage]?.reduce(0, +) ?? 0
    return gaze
  }

  private func ghost(beside question: Question<World>, _ pilot: DemoPilot<World>) -> Thought.Ghost? {
    guard var expert else { return nil }
    let world = question.world
    expert.beginEpisode(seed: world.info.seed)
    let chunk = expert.chunk(from: world, horizon: question.chunk.horizon)
    return Thought.Ghost(
      world.commandedPath(of: chunk), beside: world.commandedPath(of: question.chunk),
      steps: pilot.horizons.execution)
  }
}

extension Observation {
  /// Where each of the object tokens says that its object is, m; nil for a token that holds none.
  ///
  /// - Parameter feature: `observation.environment_state`, `[objects, features]`.
  fileprivate func objectPlaces(_ feature: FeatureSpec) -> [Vec2?] {
    guard let field = layout.field(feature.name), feature.shape.count == 2, feature.shape[1] > 1,
      field.count == feature.count
    else { return [] }
    let width = feature.shape[1]
    let presence = feature.elements.firstIndex { $0.hasPrefix("is_present") }
    return (0..<feature.shape[0]).map { token in
      let first = field.offset + token * width
      if let presence, floats[first + presence] == 0 { return nil }
      return Vec2(Double(floats[first]), Double(floats[first + 1]))
    }
  }
}
