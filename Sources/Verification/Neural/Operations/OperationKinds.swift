// ops.json and ops.safetensors: which kinds of operations are known, and the cases of the files.

import Foundation

/// Makes of a case of some kind what can be put on a tape.
typealias OperationKind = @Sendable (OperationReader) throws -> OperationPlan

private let operationKinds: [String: OperationKind] = [
  "linear": linearPlan, "embedding": embeddingPlan, "swiglu": swiGLUPlan,
  "relu": activationPlan(.relu), "gelu_erf": activationPlan(.gelu),
  "gelu_tanh": activationPlan(.geluTanh), "silu": activationPlan(.silu),
  "mish": activationPlan(.mish), "tanh": activationPlan(.tanh), "sigmoid": activationPlan(.sigmoid),
  "film": filmPlan, "sinusoidal": sinusoidalPlan,
  "softmax": softmaxPlan, "log_softmax": logSoftmaxPlan,
  "layernorm": layerNormPlan, "rmsnorm": rmsNormPlan, "groupnorm": groupNormPlan,
  "mha": attentionPlan, "rope": ropePlan,
  "conv1d": convolution1DPlan, "convtranspose1d": transposedConvolutionPlan,
  "conv2d": convolution2DPlan, "maxpool2d": maximumPoolPlan, "global_avgpool2d": averagePoolPlan,
  "loss": lossPlan, "cross_entropy": crossEntropyPlan,
]

/// One case an operation: its output, every gradient, and for attention the probabilities.
///
/// - Throws: `UserError` naming the file and the entry in it.
func operationCases(json: URL, tensors: URL) throws -> [VerificationCase] {
  try readingReference(json, generator: "make_nn.py") {
    let file = try decodeReference(OperationFile.self, from: Data(contentsOf: json))
    guard !file.ops.isEmpty else { throw ReferenceError("it holds no cases") }
    let tensors = try ReferenceTensors(tensors)
    return try file.ops.map { entry in
      let name = "ops/\(entry.name)"
      guard let kind = operationKinds[entry.kind] else {
        return .unknown(name, "operation of the kind '\(entry.kind)'")
      }
      let reader = OperationReader(entry: entry, tensors: tensors)
      let replay = try OperationReplay(reader, kind(reader))
      return VerificationCase(name) { replay.checks() }
    }
  }
}

extension VerificationCase {
  /// A case of something that is not known here: it fails, and says so.
  static func unknown(_ name: String, _ what: String) -> VerificationCase {
    VerificationCase(name) {
      [VerificationCheck("there is no \(what) here", error: .infinity, tolerance: 0)]
    }
  }
}
