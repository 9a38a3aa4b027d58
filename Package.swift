// swift-tools-version: 6.2
// The manifest is the map: targets stand in dependency order, one line of purpose each.
// Which target may import which is written in Tests/ArchitectureTests/Resources/arrows.txt and checked by a test.
import Foundation
import PackageDescription

// A warning is an error with the compilers that Planar is tested with; a newer one may know more warnings, and only
// prints them.
#if compiler(>=6.4)
  let settings: [SwiftSetting] = [.swiftLanguageMode(.v6)]
#else
  let settings: [SwiftSetting] = [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)]
#endif

/// The module of a folder: `Planar` and its name, so that no other package's module is called the same.
func moduleName(_ folder: String) -> String { folder.hasPrefix("Planar") ? folder : "Planar" + folder }

/// Other targets by their folders.
func targets(_ folders: [String]) -> [Target.Dependency] {
  folders.map { .byName(name: $0.hasPrefix("CPlanar") ? $0 : moduleName($0)) }
}

/// A library target under `Sources/<folder>`.
func module(
  _ folder: String, _ dependencies: [String] = [], outside: [Target.Dependency] = [], exclude: [String] = []
) -> Target {
  .target(
    name: moduleName(folder), dependencies: targets(dependencies) + outside, path: "Sources/\(folder)",
    exclude: exclude, swiftSettings: settings)
}

/// What several test targets share, under `Tests/<folder>`.
func testing(_ folder: String, _ dependencies: [String] = []) -> Target {
  .target(
    name: moduleName(folder), dependencies: targets(dependencies), path: "Tests/\(folder)", swiftSettings: settings)
}

/// The tests of one module, under `Tests/<name>Tests`.
func tests(
  _ name: String, _ dependencies: [String], outside: [Target.Dependency] = [], resources: [Resource] = []
) -> Target {
  .testTarget(
    name: name + "Tests", dependencies: targets(dependencies) + outside, resources: resources,
    swiftSettings: settings)
}

/// A small program under `Demos/<name>`, which imports Planar and nothing else of it.
func demo(_ name: String, exclude: [String] = []) -> Target {
  .executableTarget(
    name: name, dependencies: ["Planar"], path: "Demos/\(name)", exclude: exclude, swiftSettings: settings)
}

/// The assets that programs need wherever they run.
let shippedAssets = ["Assets/checkpoints", "Assets/recipes", "Assets/wordings"]

/// What lies in the package's folder besides `kept`: a target of the whole folder leaves it alone.
func besides(_ kept: [String]) -> [String] {
  func names(_ folder: String) -> [String] {
    let entries = try? FileManager.default.contentsOfDirectory(atPath: Context.packageDirectory + "/" + folder)
    return (entries ?? []).filter { !$0.hasPrefix(".") }.sorted()
  }
  let parents = ["Sources", "Assets"]
  let paths =
    names("").filter { !parents.contains($0) } + parents.flatMap { parent in names(parent).map { "\(parent)/\($0)" } }
  return paths.filter { !kept.contains($0) }
}

/// Readers under libFuzzer, which has a `main` of its own: `make fuzz-readers` alone builds and links them.
let isFuzzing = Context.environment["PLANAR_FUZZING"] != nil
let fuzzing: [Target] =
  isFuzzing
  ? [
    .target(
      name: "FuzzReaders", dependencies: targets(["PlanarCore", "TensorFiles", "SceneDrawing", "ArmEnvironments"]),
      path: "Tests/ReaderFuzzing", exclude: ["Corpus"], swiftSettings: settings)
  ] : []

let package = Package(
  name: "Planar",
  products: [
    .executable(name: "planar", targets: ["PlanarProgram"]),
    .library(name: "Planar", targets: ["Planar"]),
  ] + (isFuzzing ? [.library(name: "FuzzReaders", type: .static, targets: ["FuzzReaders"])] : []),
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  // A target whose values hold those of another, as every environment holds a `World` and every trained policy
  // layers, names both, even where it imports one: it is rebuilt when what it names has changed, and its
  // layouts depend on both.
  targets: [
    // System libraries, from Debian's -dev packages.
    .systemLibrary(name: "CPlanarCairo", pkgConfig: "cairo", providers: [.apt(["libcairo2-dev"])]),
    .systemLibrary(
      name: "CPlanarGLFW", pkgConfig: "glfw3", providers: [.apt(["libglfw3-dev", "libgl-dev"])]),

    // Environments and shipped policies, which a build puts beside its programs.
    .target(
      name: "PlanarResources", path: ".", exclude: besides(["Sources/Resources", "Environments"] + shippedAssets),
      sources: ["Sources/Resources"],
      resources: (["Environments"] + shippedAssets).map { .copy($0) }, swiftSettings: settings),
    // Vectors, convex shapes, seeded random streams, statistics, errors, progress.
    module("PlanarCore", ["Resources"]),
    // Reading and writing safetensors files.
    module("TensorFiles", ["PlanarCore"]),
    // The world: arm, bodies, contacts, actuators; a value that forks.
    module("PlanarPhysics", ["PlanarCore"], exclude: ["README.md"]),
    // Observation, action chunk, and the Environment, Policy and Expert protocols.
    module("PolicyInterface", ["PlanarCore"]),
    // Experts that plan: sampled plans on forks of any world.
    module("Planning", ["PlanarCore", "PolicyInterface"]),
    // Vector operations on sixteen floats, in front of the compiler's.
    .target(name: "CPlanarLanes"),
    // Tape, layers, optimizers, noise schedulers, integrators.
    module("NeuralNetworks", ["PlanarCore", "TensorFiles", "CPlanarLanes"], exclude: ["README.md"]),
    // Command tokenizer and learned text encoder.
    module("Language", ["PlanarCore", "TensorFiles", "NeuralNetworks"]),
    // The draw list of a scene, the camera that rasterises it, PNG, plots.
    module("SceneDrawing", ["PlanarCore", "CPlanarCairo", "CPlanarLanes"]),
    // Tasks, command grammar, domain randomization, observations, experts.
    module(
      "ArmEnvironments",
      [
        "PlanarCore", "PlanarPhysics", "PolicyInterface", "SceneDrawing",
      ],
      outside: [.product(name: "Yams", package: "Yams")]),
    // Episode files, statistics, window sampling.
    module("Datasets", ["PlanarCore", "TensorFiles", "PolicyInterface"]),
    // One trunk, one folder per policy family, checkpoints.
    module(
      "Policies", ["PlanarCore", "TensorFiles", "PolicyInterface", "NeuralNetworks", "Language"]),
    // Chunk execution and parallel, seeded rollouts.
    module("Rollouts", ["PlanarCore", "PolicyInterface"]),
    // Trainer, behaviour cloning, DAgger.
    module(
      "Learning",
      [
        "PlanarCore", "TensorFiles", "PolicyInterface", "NeuralNetworks", "Language", "Datasets",
        "Policies", "Rollouts",
      ]),
    // Intervals, per-condition tables, covariate-shift measures, reports.
    module("Evaluation", ["PlanarCore", "PolicyInterface", "Rollouts"]),
    // Episodes shown again in pages: films, their player, the page of an evaluation.
    module(
      "Replays",
      ["PlanarCore", "PlanarPhysics", "PolicyInterface", "SceneDrawing", "ArmEnvironments", "Rollouts", "Evaluation"]),
    // What a checkpoint is made from, in YAML: data, training, measurements, model card.
    module(
      "Recipes",
      [
        "PlanarCore", "PlanarPhysics", "PolicyInterface", "Planning", "NeuralNetworks", "Language", "SceneDrawing",
        "ArmEnvironments", "Datasets", "Policies", "Rollouts", "Learning", "Evaluation",
      ],
      outside: [.product(name: "Yams", package: "Yams")]),
    // Questions put to policies, each with its hypothesis: covariate shift.
    module(
      "Experiments",
      [
        "PlanarCore", "PlanarPhysics", "PolicyInterface", "NeuralNetworks", "Language", "SceneDrawing",
        "ArmEnvironments", "Datasets", "Policies", "Rollouts", "Learning", "Evaluation", "Replays", "Recipes",
      ],
      outside: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
    // Counts allocations, in front of the C library's.
    .target(name: "CPlanarAllocations"),
    // Benchmarks, the replay of reference cases, fuzzing.
    module(
      "Verification",
      [
        "CPlanarAllocations", "CPlanarLanes", "PlanarCore", "TensorFiles", "PlanarPhysics", "PolicyInterface",
        "SceneDrawing", "NeuralNetworks", "Language", "ArmEnvironments", "Policies", "Rollouts", "Learning", "Datasets",
        "Evaluation",
      ]),
    // The window: OpenGL backend for the draw list, input, panels.
    module("Viewer", ["PlanarCore", "SceneDrawing", "CPlanarGLFW"], exclude: ["README.md"]),
    // The window in a browser: pages that show the draw list and its panel, served on the loopback address.
    module(
      "WebScreen", ["PlanarCore", "SceneDrawing", "Viewer"],
      outside: [
        .product(name: "FlyingFox", package: "FlyingFox"), .product(name: "FlyingSocks", package: "FlyingFox"),
      ]),
    // Interactive sessions: the demo, in a window or headless.
    module(
      "Studio",
      [
        "PlanarCore", "PlanarPhysics", "PolicyInterface", "SceneDrawing", "ArmEnvironments", "Datasets", "Rollouts",
        "Replays", "Viewer",
      ]),
    // The program's commands: parse, call a library, print.
    module(
      "Commands",
      [
        "PlanarCore", "PlanarPhysics", "PolicyInterface", "Planning", "NeuralNetworks", "Language",
        "SceneDrawing", "ArmEnvironments", "Datasets", "Policies", "Rollouts", "Learning", "Evaluation", "Replays",
        "Recipes", "Experiments", "Verification", "WebScreen", "Studio",
      ], outside: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
    // Everything, for programs outside: `import Planar`.
    module(
      "Planar",
      [
        "PlanarCore", "TensorFiles", "PlanarPhysics", "PolicyInterface", "Planning", "NeuralNetworks", "Language",
        "SceneDrawing", "ArmEnvironments", "Datasets", "Policies", "Rollouts", "Learning", "Evaluation", "Replays",
        "Recipes", "Experiments", "Commands",
      ],
      outside: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
    // The program.
    .executableTarget(
      name: "PlanarProgram", dependencies: ["PlanarCommands"], path: "Sources/Program", swiftSettings: settings),

    // One idea each, written against the library as anyone would.
    demo("drive-by-hand"),
    demo("train-in-thirty-lines"),
    demo("obey-a-sentence"),
    demo("add-your-own", exclude: ["Environments"]),

    tests("Architecture", [], resources: [.copy("Resources")]),
    tests("PlanarCore", ["PlanarCore"]),
    tests("PlanarPhysics", ["PlanarCore", "PlanarPhysics"]),
    tests(
      "ArmEnvironments",
      [
        "PlanarCore", "PlanarPhysics", "PolicyInterface", "SceneDrawing", "ArmEnvironments",
      ],
      outside: [.product(name: "Yams", package: "Yams")],
      resources: [.copy("Resources")]),
    tests("SceneDrawing", ["SceneDrawing", "PlanarCore"]),
    // A real or virtual display for the tests of windows.
    testing("WindowTesting", ["PlanarCore", "SceneDrawing", "Viewer"]),
    tests("Viewer", ["Viewer", "SceneDrawing", "PlanarCore", "WindowTesting", "ProgramTesting"]),
    tests(
      "Studio",
      [
        "Studio", "Viewer", "SceneDrawing", "ArmEnvironments", "Datasets", "PolicyInterface", "Policies", "Rollouts",
        "PlanarCore", "PlanarPhysics", "WindowTesting", "ProgramTesting",
      ]),
    tests("WebScreen", ["WebScreen", "Viewer", "SceneDrawing", "PlanarCore", "ProgramTesting"]),
    tests("TensorFiles", ["TensorFiles", "PlanarCore"], resources: [.copy("Resources")]),
    // A point mass between two goals, for the tests of data, rollouts and evaluation.
    testing("ToyWorld", ["PlanarCore", "PolicyInterface"]),
    tests(
      "Datasets",
      ["Datasets", "TensorFiles", "PolicyInterface", "PlanarCore"],
      resources: [.copy("Resources")]),
    tests("Rollouts", ["Rollouts", "PolicyInterface", "PlanarCore", "ToyWorld"]),
    tests(
      "Planning",
      [
        "Planning", "ArmEnvironments", "Rollouts", "PolicyInterface", "PlanarCore", "ToyWorld",
        "CPlanarAllocations",
      ]),
    tests("NeuralNetworks", ["NeuralNetworks", "PlanarCore", "TensorFiles"]),
    tests(
      "Evaluation", ["Evaluation", "Rollouts", "PolicyInterface", "PlanarCore", "ToyWorld"],
      resources: [.copy("Resources")]),
    tests(
      "Replays",
      [
        "Replays", "Evaluation", "ArmEnvironments", "PlanarPhysics", "SceneDrawing", "Rollouts", "PolicyInterface",
        "PlanarCore", "ProgramTesting",
      ]),
    tests("Language", ["Language", "NeuralNetworks", "PlanarCore"], resources: [.copy("Resources")]),
    tests(
      "Policies",
      ["Policies", "PolicyInterface", "NeuralNetworks", "Language", "PlanarCore", "TensorFiles"]),
    // Runs built programs as processes.
    testing("ProgramTesting"),
    tests(
      "Demos",
      [
        "ProgramTesting", "PlanarPhysics", "ArmEnvironments", "PolicyInterface",
      ],
      outside: ["drive-by-hand", "train-in-thirty-lines", "obey-a-sentence", "add-your-own"].map { .byName(name: $0) }),
    // Changes whole files in many ways and lets the readers read them, in processes that may crash.
    .executableTarget(
      name: "mutations",
      dependencies: targets([
        "PlanarCore", "TensorFiles", "PolicyInterface", "Language", "SceneDrawing", "ArmEnvironments", "Datasets",
        "Policies", "Rollouts", "Learning", "Evaluation", "Replays", "Recipes", "Experiments", "Viewer", "WebScreen",
        "ToyWorld", "ProgramTesting",
      ]) + [.product(name: "Yams", package: "Yams")],
      path: "Tests/Mutations", exclude: ["Found"], swiftSettings: settings),
    tests(
      "Planar", ["ProgramTesting", "WindowTesting", "TensorFiles", "Commands"],
      outside: [
        .byName(name: "PlanarProgram"), .byName(name: "mutations"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),
    tests(
      "Learning",
      [
        "Learning", "Policies", "NeuralNetworks", "Language", "Datasets", "Rollouts", "Evaluation",
        "PolicyInterface", "PlanarCore", "TensorFiles", "ToyWorld",
      ]),
    tests(
      "Experiments",
      [
        "Experiments", "Policies", "NeuralNetworks", "Language", "Evaluation", "Replays", "PlanarPhysics",
        "ArmEnvironments", "Learning", "Rollouts", "PolicyInterface", "PlanarCore",
      ],
      outside: [.product(name: "ArgumentParser", package: "swift-argument-parser")]),
    tests(
      "Verification",
      [
        "Verification", "Policies", "CPlanarAllocations", "PlanarPhysics", "NeuralNetworks", "TensorFiles",
        "PlanarCore",
      ],
      resources: [.copy("Resources")]),
    tests(
      "Recipes",
      [
        "Recipes", "Policies", "NeuralNetworks", "Language", "Evaluation", "PlanarPhysics", "ArmEnvironments",
        "Learning", "Datasets", "Rollouts", "PolicyInterface", "PlanarCore",
      ]),
  ] + fuzzing
)
