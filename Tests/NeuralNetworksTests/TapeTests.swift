// The tape's storage: used again, given back, and the same bits on any number of threads.

import PlanarNeuralNetworks
import PlanarCore
import Testing

@Suite struct TapeTests {
  @Test func storageIsUsedAgain() {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 64, outputs: 64)
    let store = ParameterStore(layout: layout, seed: 0)
    let tape = Tape(recording: true)
    let gradients = FloatBuffer(count: layout.bufferCount)
    let numbers = randomNumbers(64 * 100, seed: 1)
    func step() -> [Float] {
      gradients.fill(with: 0)
      tape.begin(weights: store.values, gradients: gradients)
      let y = tape.linear(tape.input(Shape(100, 64), numbers), layer, activation: .silu)
      _ = tape.loss(.meanSquaredError, y, tape.input(Shape(100, 64), numbers))
      tape.backward()
      return gradients.array
    }
    let first = step()
    let capacity = tape.arenaCapacity
    for _ in 0..<5 { #expect(step() == first) }
    #expect(tape.arenaCapacity == capacity)
  }

  @Test func inferenceGivesStorageBack() {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 64, outputs: 64)
    let store = ParameterStore(layout: layout, seed: 0)
    let tape = Tape(recording: false)
    tape.begin(weights: store.values)
    let x = tape.input(Shape(100, 64), randomNumbers(6400, seed: 1))
    let start = tape.mark
    let expected = tape.array(tape.linear(x, layer, activation: .geluTanh))
    let capacity = tape.arenaCapacity
    for _ in 0..<50 {
      tape.release(to: start)
      #expect(tape.array(tape.linear(x, layer, activation: .geluTanh)) == expected)
    }
    #expect(tape.arenaCapacity == capacity)
  }

  @Test func nothingPassesADetachedTensor() {
    let tape = Tape(recording: true)
    tape.begin(weights: FloatBuffer(count: 0))
    let x = tape.variable(Shape(1, 3), [1, -2, 3])
    let product = tape.multiply(x, tape.detach(x))
    #expect(tape.array(product) == [1, 4, 9])
    _ = tape.loss(.meanSquaredError, product, tape.input(Shape(1, 3), [0, 0, 0]), count: 1)
    tape.backward()
    // d(x·c)²/dx = 2·x·c·c with c held at x.
    #expect(tape.gradientArray(x) == [2, -16, 54])
  }

  @Test func shardsGiveTheSameBitsOnAnyNumberOfThreads() {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 32, outputs: 32)
    let numbers = randomNumbers(32 * 300, seed: 2)
    func train(threads: Int) -> (weights: [Float], losses: [Float]) {
      let store = ParameterStore(layout: layout, seed: 3)
      let optimizer = AdamW(layout: layout)
      let sharded = ShardedGradient(count: layout.bufferCount, threads: threads)
      var losses: [Float] = []
      for step in 0..<10 {
        losses.append(
          sharded.compute(batch: 300, weights: store.values, noise: UInt64(step)) {
            rows, tape, noise in
            let x = tape.input(Shape(rows.count, 32)) { target in
              for i in 0..<target.count {
                target[i] = numbers[rows.lowerBound * 32 + i] + 0.01 * Float(noise.normal())
              }
            }
            return tape.loss(
              .meanSquaredError, tape.linear(x, layer, activation: .silu), x, count: 300 * 32)
          })
        optimizer.step(weights: store.values, gradient: sharded.gradient)
      }
      return (store.values.array, losses)
    }
    let one = train(threads: 1)
    let two = train(threads: 2)
    let four = train(threads: 4)
    #expect(one == two && one == four)
    #expect(one.losses[9] < one.losses[0])
  }

  @Test func shardsDependOnTheBatchAlone() {
    let sharded = ShardedGradient(count: 1, threads: 2)
    #expect(sharded.shards(of: 10) == [0..<10])
    #expect(sharded.shards(of: 128) == [0..<64, 64..<128])
    #expect(sharded.shards(of: 200).map(\.count) == [66, 67, 67])
  }

  @Test func shardsAddUpToTheBatch() {
    var layout = ParameterLayout()
    let layer = Linear(&layout, "l", inputs: 8, outputs: 4)
    let store = ParameterStore(layout: layout, seed: 3)
    let x = randomNumbers(256 * 8, seed: 4)
    func gradient(rowsPerShard: Int) -> ([Float], Float) {
      let sharded = ShardedGradient(
        count: layout.bufferCount, threads: 2, rowsPerShard: rowsPerShard)
      let loss = sharded.compute(batch: 256, weights: store.values, noise: 0) { rows, tape, _ in
        let input = tape.input(
          Shape(rows.count, 8), Array(x[rows.lowerBound * 8..<rows.upperBound * 8]))
        let target = tape.input(Shape(rows.count, 4)) { $0.update(repeating: 1) }
        return tape.loss(
          .meanSquaredError, tape.linear(input, layer), target, count: 256 * 4)
      }
      return (sharded.gradient.array, loss)
    }
    let whole = gradient(rowsPerShard: 256)
    let cut = gradient(rowsPerShard: 64)
    #expect(relativeError(cut.0, whole.0) < 1e-5)
    #expect(abs(cut.1 - whole.1) < 1e-5)
  }
}
