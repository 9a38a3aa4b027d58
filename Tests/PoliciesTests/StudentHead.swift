// A head that learns from a teacher with a network of its own: the regression of what the teacher would do.

import PlanarCore
import PlanarNeuralNetworks
import PlanarPolicies
import PlanarPolicyInterface

struct StudentOptions: HeadOptions {
  static let name = "student"
  static var standard: StudentOptions { StudentOptions() }
  static var needsTeacher: Bool { true }

  func validate() throws {}
  func settingSteps(_ steps: Int) throws -> Self { throw UserError("a student has no steps") }
  func makeHead(_ layout: inout ParameterLayout, _ setting: HeadSetting) throws -> any ActionHead {
    StudentHead(regression: try RegressionOptions().makeHead(&layout, setting))
  }
}

struct StudentHead: ActionHead {
  let regression: any ActionHead

  func loss(_ example: HeadExample, on tape: Tape, noise: inout RandomStream) -> Float {
    guard let teacher = example.teacher else { preconditionFailure("a student learns from a teacher") }
    var chunks = (0..<example.chunks.count).map { _ in Float(noise.normal()) }
    chunks.withUnsafeMutableBufferPointer { teacher($0) }
    return chunks.withUnsafeBufferPointer { chunks in
      regression.loss(
        HeadExample(context: example.context, chunks: chunks, rows: example.rows, count: example.count), on: tape,
        noise: &noise)
    }
  }

  func makeSampler(_ setting: SamplerSetting) -> any ChunkSampler { regression.makeSampler(setting) }
}
