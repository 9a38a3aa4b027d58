// How a policy is trained: a value with its defaults in one place, checked once, saved beside the result.

import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicyInterface

/// The settings of one training run.
public struct TrainingConfiguration: Codable, Equatable, Sendable {
  /// Gradient steps.
  public var steps: Int
  /// Labelled windows per step.
  public var batchSize: Int
  /// The peak of the learning rate.
  public var learningRate: Float
  /// Steps over which the learning rate rises from 0; afterwards it falls along a cosine.
  public var warmupSteps: Int
  /// Decoupled weight decay of matrices.
  public var weightDecay: Float
  /// Longest gradient that passes unshortened.
  public var maximumGradientNorm: Float
  /// Decay of the weights' exponential moving average, which is what a checkpoint holds.
  public var averageDecay: Float
  /// Share of the episodes held out for the validation loss.
  public var validationFraction: Double
  /// Steps between validations, log lines and saved training states.
  public var validationInterval: Int
  /// Initial weights, batches and noise come from here.
  public var seed: UInt64
  /// How many threads work; the weights do not depend on it.
  public var threads: Int

  /// The defaults of `planar train`; `validate` checks what they are replaced by.
  public init(
    steps: Int = 10_000, batchSize: Int = 256, learningRate: Float = 1e-3, warmupSteps: Int = 200,
    weightDecay: Float = 1e-3, maximumGradientNorm: Float = 1, averageDecay: Float = 0.999,
    validationFraction: Double = 0.05, validationInterval: Int = 500, seed: UInt64 = 1,
    threads: Int = 1
  ) {
    self.steps = steps
    self.batchSize = batchSize
    self.learningRate = learningRate
    self.warmupSteps = warmupSteps
    self.weightDecay = weightDecay
    self.maximumGradientNorm = maximumGradientNorm
    self.averageDecay = averageDecay
    self.validationFraction = validationFraction
    self.validationInterval = validationInterval
    self.seed = seed
    self.threads = threads
  }

  /// - Throws: `UserError` naming the setting that is out of range.
  public func validate() throws { try requireLimits(in: "training") }

  var optimizer: AdamW.Configuration {
    AdamW.Configuration(
      learningRate: learningRate, weightDecay: weightDecay,
      maximumGradientNorm: maximumGradientNorm)
  }

  var schedule: WarmupCosineSchedule {
    WarmupCosineSchedule(warmupSteps: warmupSteps, totalSteps: steps)
  }
}

extension TrainingConfiguration: Limited {
  /// What the settings may be.
  public enum Limits {
    /// Gradient steps, and steps between whatever is done now and then.
    public static let steps = 1...1_000_000_000
    /// Windows of a batch.
    public static let batchSize = 1...65_536
    /// The peak of the learning rate: below its least, nothing moves in single precision; beyond its most, a step is longer
    /// than any weight.
    public static let learningRate: ClosedRange<Float> = 1e-30...10
    /// Threads of a machine.
    public static let threads = 1...1_024
  }

  /// Every setting's.
  public static var limits: [NumberLimit<TrainingConfiguration>] {
    [
      NumberLimit("steps", Limits.steps) { $0.steps },
      NumberLimit("batchSize", Limits.batchSize) { $0.batchSize },
      NumberLimit("learningRate", Limits.learningRate) { $0.learningRate },
      NumberLimit("warmupSteps", 0...Limits.steps.upperBound) { $0.warmupSteps },
      NumberLimit("weightDecay", 0...1_000) { $0.weightDecay },
      NumberLimit("maximumGradientNorm", 0...1e9) { $0.maximumGradientNorm },
      NumberLimit("averageDecay", 0..<1) { $0.averageDecay },
      NumberLimit("validationFraction", 0..<1) { $0.validationFraction },
      NumberLimit("validationInterval", Limits.steps) { $0.validationInterval },
      NumberLimit("threads", Limits.threads) { $0.threads },
      NumberLimit("seed", SeedRanges.all) { $0.seed },
    ]
  }
}

/// One line of `log.jsonl`.
public struct TrainingRecord: Codable, Equatable, Sendable {
  /// The gradient step.
  public var step: Int
  /// Mean training loss since the last record.
  public var trainingLoss: Float
  /// Loss of the averaged weights on held-out episodes; nil where none are held out.
  public var validationLoss: Float?
  /// The learning rate in force.
  public var learningRate: Float
  /// Mean gradient norm before clipping since the last record.
  public var gradientNorm: Float
  /// Passes over the training labels.
  public var epochs: Double

  enum CodingKeys: String, CodingKey {
    case step, epochs
    case trainingLoss = "training_loss"
    case validationLoss = "validation_loss"
    case learningRate = "learning_rate"
    case gradientNorm = "gradient_norm"
  }
}
