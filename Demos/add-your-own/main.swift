// The idea: a head and an experiment of one's own, without touching Planar. The program is `planar` with additions: every
// command knows them.
//
//   swift run -c release add-your-own train linear --output runs/linear
//   swift run -c release add-your-own experiment run looking-often --policy runs/linear

import Planar

headRegistry.register(HeadKind(LinearOptions.self))
experimentRegistry.register(ExperimentKind(LookingOften.self))

PlanarCommand.main()
