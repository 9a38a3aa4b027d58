// The idea: a task, a head, a randomization factor and an experiment of one's own, without touching Planar. The program
// is `planar` with additions: every command knows them.
//
//   cd Demos/add-your-own
//   swift run -c release add-your-own environment show orbit
//   swift run -c release add-your-own train linear --environment orbit --output runs/orbit
//   swift run -c release add-your-own eval --policy runs/orbit --environment orbit
//   swift run -c release add-your-own experiment run looking-often --policy runs/orbit --environment orbit

import Planar

taskRegistry.register(OrbitTask.kind)
headRegistry.register(HeadKind(LinearOptions.self))
randomizationFactors.register(jerk)
experimentRegistry.register(ExperimentKind(LookingOften.self))

PlanarCommand.main()
