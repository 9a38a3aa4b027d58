// The heads of tokens and of queries: bins, fast and act.

import Foundation
import PlanarNeuralNetworks
import PlanarCore
import PlanarPolicies
import PlanarPolicyInterface
import Testing

/// A tiny head of each kind, with a name for messages.
struct TinyHead: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let options: any HeadOptions

  static let sizes = DecoderSizes(width: 8, heads: 2, layers: 2)
  static let all = [
    TinyHead("bins", BinsOptions(bins: 5, decoder: sizes)),
    TinyHead("blurred bins", BinsOptions(bins: 5, decoder: sizes, blur: 0.7, labelSmoothing: 0.1)),
    TinyHead("parallel bins", BinsOptions(decoding: .parallel, bins: 5, decoder: sizes)),
    TinyHead("fast", FastOptions(scale: 2, decoder: sizes)),
    TinyHead("act", ACTOptions(latent: 3, klWeight: 0.5, decoder: sizes)),
  ]

  init(_ name: String, _ options: any HeadOptions) {
    testDescription = name
    self.options = options
  }
}

@Suite struct TokenHeadTests {
  /// Central differences of the loss by every parameter and by the context.
  @Test(arguments: TinyHead.all)
  func gradientsAreThoseOfTheLoss(tiny: TinyHead) throws {
    let rig = try HeadRig(tiny.options, horizon: 3, seed: 5)
    let store = rig.weights
    for (i, parameter) in store.layout.parameters.enumerated() {
      var stream = RandomStream(seed: 60 + UInt64(i))
      store.set(parameter, to: (0..<parameter.count).map { _ in Float(0.5 * stream.normal()) })
    }
    // What act's posterior reads of the context passes no gradient on; differences would see it.
    if let reading = store.layout.parameters.first(where: { $0.name == "head.context_in.weight" }) {
      store.set(reading, to: [Float](repeating: 0, count: reading.count))
    }
    // Beyond the predictions of act, so that no difference crosses the kink of L1.
    let far: Float = tiny.options is ACTOptions ? 40 : 1
    let chunks = HeadRig.contexts(1, seed: 2).prefix(12).map { far * ($0 < 0 ? $0 - 0.2 : $0 + 0.2) }
    var contexts = HeadRig.contexts(2, seed: 3)

    let tape = Tape(recording: true)
    let gradient = FloatBuffer(count: store.values.count)
    tape.begin(weights: store.values, gradients: gradient)
    let variable = tape.variable(Shape(2, 2, 8), contexts)
    _ = rig.loss(chunks, variable, tape, noise: 4)
    tape.backward()
    let contextGradient = tape.gradientArray(variable)

    let step: Float = 4e-3
    func difference(_ change: (Float) -> Void) -> Float {
      change(step)
      let above = rig.loss(chunks, contexts, noise: 4)
      change(-2 * step)
      let below = rig.loss(chunks, contexts, noise: 4)
      change(step)
      return (above - below) / (2 * step)
    }
    func check(_ name: String, _ analytic: [Float], _ numeric: [Float]) {
      let scale = numeric.map(abs).max() ?? 0
      let worst = zip(analytic, numeric).map { abs($0 - $1) }.max() ?? 0
      #expect(worst < 0.02 * scale + 2e-3, "\(name): off by \(worst) of \(scale)")
    }
    check(
      "context", contextGradient,
      contexts.indices.map { i in difference { contexts[i] += $0 } })
    for parameter in store.layout.parameters {
      let places = parameter.offset..<parameter.offset + parameter.count
      check(
        parameter.name, places.map { gradient[$0] },
        places.map { i in difference { store.values[i] += $0 } })
    }
  }

  /// However loud the divergence is, the context learns from the error of the actions alone.
  @Test func theDivergenceOfActDoesNotReachTheContext() throws {
    let gradients = try ([0, 100] as [Float]).map { weight in
      let rig = try HeadRig(ACTOptions(latent: 3, klWeight: weight, decoder: TinyHead.sizes))
      let tape = Tape(recording: true)
      tape.begin(weights: rig.weights.values, gradients: FloatBuffer(count: rig.weights.values.count))
      let context = tape.variable(Shape(2, 2, 8), HeadRig.contexts(2, seed: 3))
      _ = rig.loss(Array(HeadRig.contexts(1, seed: 2)), context, tape, noise: 4)
      tape.backward()
      return tape.gradientArray(context)
    }
    #expect(gradients[0] == gradients[1])
    #expect(gradients[0].contains { $0 != 0 })
  }

  /// Parts of a batch's loss add up to it.
  @Test(arguments: TinyHead.all.filter { !($0.options is ACTOptions) })
  func lossesOfShardsAddUp(tiny: TinyHead) throws {
    let rig = try HeadRig(tiny.options)
    let (chunks, contexts) = (
      Array(HeadRig.contexts(2, seed: 1).prefix(24)), HeadRig.contexts(3, seed: 2)
    )
    func part(_ rows: Range<Int>) -> Float {
      let tape = Tape(recording: false)
      tape.begin(weights: rig.weights.values)
      let context = tape.input(
        Shape(rows.count, 2, 8), Array(contexts[rows.lowerBound * 16..<rows.upperBound * 16]))
      var noise = RandomStream(seed: 0)
      return chunks.withUnsafeBufferPointer {
        rig.head.loss(
          HeadExample(
            context: context,
            chunks: UnsafeBufferPointer(rebasing: $0[rows.lowerBound * 8..<rows.upperBound * 8]),
            rows: rows.count, count: 24), on: tape, noise: &noise)
      }
    }
    #expect(abs(part(0..<1) + part(1..<3) - part(0..<3)) < 1e-5)
  }

  static let sequences: [[Float]] = (0..<243).map { n in
    [81, 27, 9, 3, 1].map { BinTokenizer(bins: 3).value(Int32(n / $0 % 3)) }
  }

  /// With three bins and five steps every sequence can be listed: their probabilities, from the loss on whole
  /// sequences, are those of decoding number by number.
  @Test func decodingFollowsTheProbabilitiesOfTheLoss() throws {
    let sizes = DecoderSizes(width: 16, heads: 2, layers: 2)
    func rig(_ temperature: Float) throws -> HeadRig {
      let rig = try HeadRig(
        BinsOptions(bins: 3, decoder: sizes, temperature: temperature), horizon: 5, action: 1)
      let output = try #require(rig.weights.layout.parameters.first { $0.name == "head.output.weight" })
      rig.weights.set(output, to: rig.weights.tensor(output).map { 3 * $0 })
      return rig
    }
    let (greedy, drawing) = (try rig(0), try rig(1))
    for seed in 0..<5 as Range<UInt64> {
      let context = HeadRig.contexts(1, seed: seed)
      let probabilities = Self.sequences.map { exp(-5 * Double(greedy.loss($0, context))) }
      #expect(abs(probabilities.reduce(0, +) - 1) < 1e-4)
      // The likeliest next number, again and again.
      var places = 0..<243
      for length in [81, 27, 9, 3, 1] {
        let parts = (0..<3).map { places.lowerBound + $0 * length..<places.lowerBound + ($0 + 1) * length }
        func mass(_ part: Range<Int>) -> Double { probabilities[part].reduce(0, +) }
        places = parts.max { mass($0) < mass($1) }!
      }
      #expect(greedy.sample(context) == Self.sequences[places.lowerBound])

      let draws = 3000
      let many = (0..<draws).flatMap { _ in context }
      let chunks = drawing.sample(many, noise: 1000 * seed)
      var counts: [[Float]: Int] = [:]
      for i in 0..<draws { counts[Array(chunks[i * 5..<(i + 1) * 5]), default: 0] += 1 }
      for (sequence, p) in zip(Self.sequences, probabilities) where p > 0.02 {
        let deviation = (p * (1 - p) / Double(draws)).squareRoot()
        let share = Double(counts[sequence] ?? 0) / Double(draws)
        #expect(abs(share - p) < 5 * deviation, "\(sequence): \(share), not \(p)")
      }
    }
  }

  @Test(arguments: TinyHead.all)
  func aRowDependsOnItselfAlone(tiny: TinyHead) throws {
    let rig = try HeadRig(tiny.options)
    let contexts = HeadRig.contexts(6, seed: 8)
    let all = rig.sample(contexts)
    #expect(all.allSatisfy { $0.isFinite })
    #expect(rig.sample(contexts) == all)
    #expect(rig.sample(Array(contexts.prefix(32)), padding: 4) == Array(all.prefix(16)))
  }

  @Test(arguments: TinyHead.all)
  func trainingGivesTheSameBitsOnOneAndTwoThreads(tiny: TinyHead) throws {
    let (one, two) = (try HeadRig(tiny.options), try HeadRig(tiny.options))
    let make = { (context: ArraySlice<Float>, _: inout RandomStream) in Array(context.prefix(8)) }
    #expect(one.train(steps: 5, threads: 1, chunk: make) == two.train(steps: 5, threads: 2, chunk: make))
    #expect(one.weights.values.array == two.weights.values.array)
  }

  static let learners: [TinyHead] = {
    let sizes = DecoderSizes(width: 32, heads: 2, layers: 1)
    return [
      TinyHead("bins", BinsOptions(bins: 64, decoder: sizes, blur: 1)),
      TinyHead("parallel bins", BinsOptions(decoding: .parallel, bins: 64, decoder: sizes)),
      TinyHead("fast", FastOptions(scale: 20, vocabularySize: 150, decoder: sizes)),
      TinyHead("act", ACTOptions(latent: 8, encoderLayers: 1, decoder: sizes)),
    ]
  }()

  static func ramp(_ context: ArraySlice<Float>) -> [Float] {
    let (x, y) = (context[context.startIndex], context[context.startIndex + 1])
    return (1...4).flatMap { step -> [Float] in
      let share = Float(step) / 4
      return [x * share, 0.5 * (y - x) * share]
    }
  }

  static func ramps(_ contexts: [Float]) -> [Float] {
    stride(from: 0, to: contexts.count, by: 16).flatMap { ramp(contexts[$0..<$0 + 16]) }
  }

  /// Chunks that are functions of the context; a head that ignores it misses by 0.3 on average.
  @Test(arguments: learners)
  func headsLearnChunksOfTheContext(learner: TinyHead) throws {
    let examples = HeadRig.contexts(500, seed: 1)
    let options = try learner.options.fitted(
      to: Self.ramps(examples), horizon: 4, action: 2)
    let rig = try HeadRig(options)
    let losses = rig.train(steps: 400) { context, _ in Self.ramp(context) }
    #expect(losses.allSatisfy { $0.isFinite })
    let contexts = HeadRig.contexts(64, seed: 77)
    let right = Self.ramps(contexts)
    let error = zip(rig.sample(contexts), right).map { abs($0 - $1) }.reduce(0, +) / Float(right.count)
    #expect(error < 0.05, "\(learner.testDescription): \(error)")
  }

  /// Demonstrations that go one of two ways whatever the context: the mean of both is neither.
  @Test(arguments: [
    TinyHead("bins", BinsOptions(bins: 32, decoder: .init(width: 32, layers: 1), temperature: 1)),
    TinyHead("fast", FastOptions(decoder: .init(width: 32, layers: 1), temperature: 1)),
  ])
  func tokensKeepTwoWaysApart(tiny: TinyHead) throws {
    let ways = [1, -1].map { way in (1...8).map { 0.1 * Float(way * $0) } }
    let options = try tiny.options.fitted(to: ways.flatMap { $0 + $0 }, horizon: 4, action: 2)
    let rig = try HeadRig(options)
    rig.train(steps: 200, rate: 1e-2) { _, stream in ways[stream.integer(below: 2)] }
    let chunks = rig.sample(HeadRig.contexts(200, seed: 5))
    var counts = [0, 0]
    for i in 0..<200 {
      let chunk = chunks[i * 8..<(i + 1) * 8]
      for way in 0..<2 where zip(chunk, ways[way]).allSatisfy({ abs($0 - $1) < 0.08 }) {
        counts[way] += 1
      }
    }
    #expect(counts.allSatisfy { $0 > 60 } && counts[0] + counts[1] > 190, "\(counts)")
  }

  @Test func greedyDecodingDrawsNothing() throws {
    for (temperature, draws) in [(0, false), (1, true)] as [(Float, Bool)] {
      for options in [
        BinsOptions(bins: 9, decoder: TinyHead.sizes, temperature: temperature),
        BinsOptions(decoding: .parallel, bins: 9, decoder: TinyHead.sizes, temperature: temperature),
        FastOptions(scale: 2, decoder: TinyHead.sizes, temperature: temperature),
      ] as [any HeadOptions] {
        let rig = try HeadRig(options)
        let context = HeadRig.contexts(1, seed: 3)
        let chunks = (0..<8).map { rig.sample(context, noise: $0) }
        #expect((Set(chunks).count > 1) == draws, "\(options)")
      }
    }
  }

  @Test func badOptionsAreRefusedInWords() {
    let bad: [(any HeadOptions, String)] = [
      (BinsOptions(bins: 1), "the number of bins is 1; it must lie in 2 … 4096"),
      (BinsOptions(blur: -1), "bins blur is -1.0"),
      (BinsOptions(labelSmoothing: .nan), "bins labelSmoothing is nan"),
      (BinsOptions(temperature: -1), "bins temperature"),
      (BinsOptions(decoder: .init(width: 30, heads: 4)), "bins decoder width is 30, which is no multiple of its 4"),
      (FastOptions(scale: 0), "fast scale"), (FastOptions(vocabularySize: 0), "fast vocabularySize"),
      (FastOptions(decoder: .init(layers: 0)), "fast decoder layers"),
      (ACTOptions(latent: 0), "act latent"), (ACTOptions(klWeight: -1), "act klWeight"),
      (ACTOptions(encoderLayers: 0), "act encoderLayers"),
      (ACTOptions(decoder: .init(heads: 0)), "act decoder heads"),
    ]
    for (options, message) in bad {
      let error = #expect(throws: UserError.self) { try options.validate() }
      #expect(error?.message.contains(message) == true, "\(error?.message ?? "")")
    }
    #expect(throws: UserError.self) { try HeadRig(FastOptions(scale: 100), horizon: 1024) }
    for options in [BinsOptions(), FastOptions(), ACTOptions()] as [any HeadOptions] {
      #expect(throws: UserError.self) { try options.settingSteps(5) }
    }
  }

  @Test func optionsComeBackFromJSON() throws {
    func roundTrip<Options: HeadOptions>(_ options: Options) throws {
      let data = try JSONEncoder().encode(options)
      #expect(try JSONDecoder().decode(Options.self, from: data) == options)
      // Whatever is left out has its default.
      let node = try SettingsNode(json: String(decoding: data, as: UTF8.self), file: "options.json")
      #expect(try node.decode(Options.self) == options)
      #expect(try SettingsNode(json: "{}", file: "options.json").decode(Options.self) == .standard)
    }
    try roundTrip(
      BinsOptions(
        decoding: .parallel, bins: 99, decoder: .init(width: 64, layers: 3), blur: 2,
        labelSmoothing: 0.1, temperature: 0.5))
    try roundTrip(ACTOptions(latent: 4, klWeight: 1, encoderLayers: 3))
    try roundTrip(
      try FastOptions(scale: 7, vocabularySize: 90).fitted(
        to: HeadRig.contexts(30, seed: 1), horizon: 8, action: 2))
  }
}
