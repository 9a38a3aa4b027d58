// That PyTorch's and diffusers' numbers are met, that a single spoiled number is noticed in every kind of case,
// and how files that cannot be used are refused.

import Foundation
import PlanarCore
import PlanarTensorFiles
import Testing
import PlanarVerification

private let reference = Bundle.module.url(
  forResource: "nn", withExtension: nil, subdirectory: "Resources")!

@Suite struct NeuralVerificationTests {
  @Test func everyReferenceCasePassesForAnyNumberOfThreads() throws {
    let report = try NeuralVerification.run(directory: reference, threads: 2)
    for result in report.cases {
      #expect(result.passed, "\(result.name): \(result.quantity) \(result.error) > \(result.tolerance)")
    }
    #expect(report.failed == 0 && report.skipped == 0 && report.absent.isEmpty)
    #expect(Set(report.cases.map(\.name)).count == report.cases.count)
    #expect(report.cases.count { $0.name.hasPrefix("models/") } == 9)
    #expect(try NeuralVerification.run(directory: reference, threads: 1) == report)

    // Nothing that the files hold is left out: outputs, gradients and what lies between.
    let compared = Set(
      report.cases.flatMap { result in
        result.checks!.map { "\(result.name.split(separator: "/")[1]).\($0.quantity)" }
      })
    for file in ["ops", "models"] {
      let tensors = try TensorFile(reading: reference.appendingPathComponent(file + ".safetensors"))
      for name in tensors.names {
        let quantity = name.split(separator: ".", maxSplits: 1)[1]
        let isResult = ["grad.", "mid."].contains { quantity.hasPrefix($0) } || quantity == "out"
        if isResult { #expect(compared.contains(name), "\(name)") }
      }
    }
  }

  /// Spoils one number of each of some cases; exactly these must fail.
  ///
  /// - Parameters:
  ///   - tensors: by case. The largest number is spoiled, so that it is seen on a scale relative to it.
  ///   - numbers: path and factor of a number in the JSON file, by case.
  private func expectFailures(
    _ file: String, among prefix: String, tensors: [String: String],
    numbers: [String: (path: String, factor: Double)] = [:],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let folder = try TemporaryFolder(copyOf: reference)
    for tensor in tensors.values {
      try folder.editTensor(tensor, of: file + ".safetensors") { shape, numbers in
        var numbers = numbers
        let place = numbers.indices.max { abs(numbers[$0]) < abs(numbers[$1]) }!
        numbers[place] *= 1.001
        return (shape, numbers)
      }
    }
    for (path, factor) in numbers.values {
      try folder.edit(file + ".json", at: path) { ($0 as! NSNumber).doubleValue * factor }
    }
    let cases = try NeuralVerification.cases(in: folder.url).filter { $0.name.hasPrefix(prefix) }
    #expect(
      Set(cases.map { $0.result() }.filter { !$0.passed }.map(\.name))
        == Set(tensors.keys).union(numbers.keys), sourceLocation: sourceLocation)
  }

  @Test func everySpoiledOperationFailsAlone() throws {
    let tensors = [
      "linear_3d.out", "linear.grad.w", "linear_nobias.in.x", "relu.out", "gelu_erf_wide.out",
      "gelu_tanh.grad.x", "mish.grad.x", "softmax.grad.x", "log_softmax.out", "cross_entropy_smooth.out",
      "cross_entropy.grad.logits", "rmsnorm.grad.w", "groupnorm2d.grad.x", "groupnorm.param.b",
      "mha_self.mid.attn", "mha_cross_padding.grad.wk", "mha_self_causal.grad_out",
      "mha_cross.param.wo", "rope_interleaved.out", "conv1d_even.grad.w", "convtranspose1d.grad.x",
      "conv2d_strided.param.w", "maxpool2d.out", "global_avgpool2d.grad.x", "embedding.grad.w",
      "film.grad.scale", "swiglu.grad.w_up", "sinusoidal.out", "huber_valid_mean.grad.pred",
      "l1.out", "mse_full_mean.in.target",
    ]
    try expectFailures(
      "ops", among: "ops/",
      tensors: Dictionary(
        uniqueKeysWithValues: tensors.map { ("ops/\($0.split(separator: ".")[0])", $0) }),
      numbers: ["ops/layernorm": ("ops/21/attrs/eps", 10)])
  }

  @Test func everySpoiledOptimizerFailsAlone() throws {
    try expectFailures(
      "optim", among: "optim/",
      tensors: [
        "optim/sgd.clip": "sgd.clip.theta.step20", "optim/adam.noclip": "adam.noclip.loss",
        "optim/adamw.clip": "adamw.clip.grad_norm", "optim/adamw.noclip": "ema.theta.step20",
        "optim/ema": "ema.decay", "optim/schedule.cosine": "schedule.cosine.lr_mult",
      ],
      numbers: [
        "optim/adamw_alt.clip": ("cases/adamw_alt.clip/weight_decay", 2),
        "optim/sgd.noclip": ("cases/sgd.noclip/momentum", 0.99),
      ])
  }

  @Test func everySpoiledNetworkFailsAlone() throws {
    try expectFailures(
      "models", among: "models/",
      tensors: [
        "models/bc/forward": "bc.mid.hidden.1", "models/act/forward": "act.out",
        "models/unet/forward": "unet.mid.down.0",
        "models/act/gradients": "act.grad.decoder.1.cross_attn.v_proj.weight",
        "models/unet/gradients": "unet.grad.up_modules.0.0.cond_encoder.1.bias",
      ],
      numbers: [
        "models/bc/updates": ("models/bc/weight_l2_after/net.0.weight", 1.0001),
        "models/act/updates": ("models/act/losses/values/5", 1.001),
        "models/unet/updates": ("models/unet/sample_weights/1/after", 1.001),
      ])
    try expectFailures(
      "models", among: "models/bc/", tensors: ["models/bc/gradients": "bc.grad.net.0.bias"],
      numbers: [
        "models/bc/forward": ("models/bc/losses/values/0", 1.0001),
        "models/bc/updates": ("models/bc/update_l2/net.1.weight", 1.01),
      ])
  }

  @Test func anOperationThatIsNotKnownFails() throws {
    let folder = try TemporaryFolder(copyOf: reference)
    try folder.edit("ops.json", at: "ops/0/kind") { _ in "fold" }
    try folder.edit("optim.json", at: "cases") { cases in
      var cases = cases as! [String: Any]
      cases["lion.clip"] = ["kind": "lion", "lr": 0.1]
      return cases
    }
    let cases = try NeuralVerification.cases(in: folder.url).filter { !$0.name.hasPrefix("models") }
    let failed = cases.map { $0.result() }.filter { !$0.passed }
    #expect(failed.map(\.name) == ["ops/linear", "optim/lion.clip"])
    #expect(
      failed.map(\.quantity) == [
        "there is no operation of the kind 'fold' here", "there is no optimizer of the kind 'lion' here",
      ])
  }

  @Test func theReportTellsAbsoluteAndRelativeErrorsOfEveryQuantity() throws {
    let cases = try NeuralVerification.cases(in: reference).filter { $0.name.hasPrefix("ops") }
    let data = try JSONEncoder().encode(VerificationReport(cases: cases.map { $0.result() }))
    let object = try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    let results = try #require(object["cases"] as? [[String: Any]])
    let linear = try #require(results.first { $0["name"] as? String == "ops/linear" })
    let keys: Set<String> = ["quantity", "error", "tolerance", "passed", "absolute", "relative"]
    #expect(Set(linear.keys) == keys.union(["name", "checks"]))
    let checks = try #require(linear["checks"] as? [[String: Any]])
    #expect(checks.map { $0["quantity"] as? String } == ["out", "grad.b", "grad.w", "grad.x"])
    for check in checks { #expect(Set(check.keys) == keys) }
  }
}

@Suite struct NeuralReferenceRefusalTests {
  private func refusal(_ edit: (TemporaryFolder) throws -> Void) throws -> String {
    let folder = try TemporaryFolder(copyOf: reference)
    try edit(folder)
    let error = #expect(throws: UserError.self) {
      try NeuralVerification.run(directory: folder.url, threads: 1)
    }
    return (error?.message ?? "").replacingOccurrences(of: folder.url.path + "/", with: "")
  }

  @Test(arguments: ["ops", "optim", "models"])
  func aMissingFileIsRefused(file: String) throws {
    for name in [file + ".json", file + ".safetensors"] {
      let message = try refusal {
        try FileManager.default.removeItem(at: $0.url.appendingPathComponent(name))
      }
      #expect(message.contains(name), "\(message)")
    }
  }

  @Test(arguments: ["ops.safetensors", "models.safetensors", "optim.json", "models.json"])
  func aTruncatedFileIsRefused(file: String) throws {
    let message = try refusal {
      let url = $0.url.appendingPathComponent(file)
      let data = try Data(contentsOf: url)
      try data.prefix(data.count - 9).write(to: url)
    }
    #expect(message.contains(file), "\(message)")
  }

  @Test func tensorsThatAreMissingOrDoNotFitAreRefused() throws {
    #expect(
      try refusal { try $0.editTensor("linear.grad.w", of: "ops.safetensors") { _, _ in nil } }
        .hasPrefix("ops.safetensors holds no tensor 'linear.grad.w'"))
    #expect(
      try refusal { try $0.editTensor("linear.out", of: "ops.safetensors") { ([$0[1], $0[0]], $1) } }
        == "ops.safetensors: tensor 'linear.out' has shape [18, 5], but [5, 18] is needed")
    #expect(
      try refusal {
        try $0.editTensor("unet.out", of: "models.safetensors") { ($0, [.nan] + $1.dropFirst()) }
      } == "models.safetensors: tensor 'unet.out' holds nan at element 0; make the file again with make_nn.py")
    #expect(
      try refusal { try $0.editTensor("act.param.head.bias", of: "models.safetensors") { _, _ in nil } }
        .hasPrefix("models.safetensors holds no tensor 'act.param.head.bias'"))
    #expect(
      try refusal {
        try $0.editTensor("toy.a", of: "optim.safetensors") { ([$0[0] - 1], Array($1.dropLast())) }
      } == "optim.safetensors: tensor 'toy.a' has shape [36], but [37] is needed")
  }

  @Test(arguments: [
    ("param.w", [6, 9], "'linear' has tensor 'in.x' of shape [5, 19], where [5, 9] is expected"),
    (
      "in.x", [],
      "'linear' has tensor 'in.x' of shape [], where one to four positive extents are expected"
    ),
    ("grad.b", [1, 18], "'linear' has tensor 'grad.b' of shape [1, 18], where [18] is expected"),
  ])
  func shapesThatContradictEachOtherAreRefused(tensor: String, shape: [Int], reason: String) throws {
    let message = try refusal { folder in
      try folder.edit("ops.json", at: "ops/0/tensors/" + tensor) { _ in shape }
    }
    #expect(
      message == "cannot use the reference file 'ops.json': \(reason); make it again with make_nn.py")
  }

  @Test func sizesThatContradictTheParametersAreRefused() throws {
    #expect(
      try refusal { try $0.edit("models.json", at: "models/bc/config/act") { _ in 3 } }
        == "models.safetensors: tensor 'bc.batch.target' has shape [6, 4, 2], but [6, 4, 3] is needed")
    #expect(
      try refusal { try $0.edit("models.json", at: "models/act/config/ffn") { _ in 41 } }
        == "cannot use the reference file 'models.json': model 'act': its parameter 'encoder.0.ffn.fc1.weight' has shape [40, 24], where its config asks for [41, 24]; make it again with make_nn.py"
    )
    #expect(
      try refusal { try $0.edit("models.json", at: "models/unet/config/groups") { _ in 5 } }
        == "cannot use the reference file 'models.json': model 'unet': its config has down_dims [16, 24], which 5 groups do not divide; make it again with make_nn.py"
    )
  }
}

@Suite struct SchedulerVerificationTests {
  @Test func everyReferenceCasePasses() throws {
    let report = try SchedulerVerification.run(directory: reference, threads: 2)
    for result in report.cases {
      #expect(result.passed, "\(result.name): \(result.quantity) \(result.error) > \(result.tolerance)")
    }
    #expect(
      Set(report.cases.map(\.name))
        == Set(
          ["squaredcos_epsilon", "squaredcos_v", "squaredcos_sample", "linear_epsilon"].flatMap {
            ["ddpm/\($0)", "ddim/\($0)"]
          } + ["flow/path", "flow/euler", "flow/midpoint", "flow/heun"]))
  }

  @Test(arguments: [
    ("ddpm/squaredcos_v/betas/98", 1.001, "ddpm/squaredcos_v"),
    ("ddpm/linear_epsilon/alphas_cumprod/5", 1.0001, "ddpm/linear_epsilon"),
    ("ddpm/squaredcos_epsilon/add_noise/1/out/2/1", 1.001, "ddpm/squaredcos_epsilon"),
    ("ddpm/squaredcos_v/velocity/2/out/0/0", 1.001, "ddpm/squaredcos_v"),
    ("ddpm/squaredcos_sample/step/2/mean/1/1", 1.01, "ddpm/squaredcos_sample"),
    ("ddpm/squaredcos_sample/step/3/variance", 1.001, "ddpm/squaredcos_sample"),
    ("ddpm/squaredcos_epsilon/chain/x/98/3", 1.01, "ddpm/squaredcos_epsilon"),
    ("ddim/squaredcos_v/timesteps/3", 1.02, "ddim/squaredcos_v"),
    ("ddim/squaredcos_sample/x/9/0/0", 1.001, "ddim/squaredcos_sample"),
    ("ddim/linear_epsilon/pred_original/4/1/1", 1.001, "ddim/linear_epsilon"),
    ("flow/heun/10/2", 1 + 1e-10, "flow/heun"), ("flow/pairs/2/v/1", 1 + 1e-10, "flow/path"),
  ])
  func oneSpoiledNumberFailsItsCaseAlone(path: String, factor: Double, name: String) throws {
    let folder = try TemporaryFolder(copyOf: reference)
    try folder.edit("schedulers.json", at: path) {
      let number = ($0 as! NSNumber).doubleValue * factor
      return path.contains("timesteps") ? number.rounded() : number
    }
    let report = try SchedulerVerification.run(directory: folder.url, threads: 2)
    #expect(report.cases.filter { !$0.passed }.map(\.name) == [name])
  }

  @Test(arguments: [
    ("ddpm/squaredcos_v/beta_schedule", "sigmoid", "there is no β schedule 'sigmoid' here"),
    ("ddpm/squaredcos_v/prediction_type", "score", "there is no prediction type 'score' here"),
    ("ddpm/squaredcos_v/variance_type", "learned", "there is no variance type 'learned' here"),
    ("ddim/squaredcos_v/timestep_spacing", "trailing", "there is no timestep spacing 'trailing' here"),
  ])
  func aKindThatIsNotKnownFails(path: String, word: String, quantity: String) throws {
    let folder = try TemporaryFolder(copyOf: reference)
    try folder.edit("schedulers.json", at: path) { _ in word }
    let failed = try SchedulerVerification.run(directory: folder.url, threads: 1).cases.filter { !$0.passed }
    #expect(failed.map(\.quantity) == [quantity])
  }

  @Test(arguments: [
    ("ddpm/squaredcos_v/step/1/t", "100", "'ddpm/squaredcos_v' has timestep 100, outside 0 to 99"),
    ("ddpm/squaredcos_v/step/1/mean", "[[1.0]]", "'ddpm/squaredcos_v' has 1 numbers in a step where 8 are expected"),
    ("ddim/squaredcos_v/eta", "\"none\"", "at ddim.squaredcos_v.eta there is another kind of value than expected"),
    ("train_steps", "0", "it has 0 timesteps and samples of shape [4, 2]"),
    ("flow/steps", "11", "'flow' has 11 states where 12 are expected"),
  ])
  func aFileThatContradictsItselfIsRefused(path: String, value: String, reason: String) throws {
    let folder = try TemporaryFolder(copyOf: reference)
    let json = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
    try folder.edit("schedulers.json", at: path) { _ in json }
    let error = #expect(throws: UserError.self) {
      try SchedulerVerification.run(directory: folder.url, threads: 1)
    }
    let file = folder.url.appendingPathComponent("schedulers.json").path
    #expect(
      error?.message == "cannot use the reference file '\(file)': \(reason); make it again with make_nn.py")
  }

  @Test func aMissingFileIsRefused() throws {
    let folder = try TemporaryFolder()
    let error = #expect(throws: UserError.self) {
      try SchedulerVerification.run(directory: folder.url, threads: 1)
    }
    let file = folder.url.appendingPathComponent("schedulers.json").path
    #expect(
      error?.message
        == "there is no reference file '\(file)'; expected a folder as make_nn.py writes it")
  }
}
