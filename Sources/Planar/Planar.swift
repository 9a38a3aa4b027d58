// All of Planar by one import.

@_exported import ArgumentParser
@_exported import PlanarArmEnvironments
@_exported import PlanarCommands
@_exported import PlanarCore
@_exported import PlanarDatasets
@_exported import PlanarEvaluation
@_exported import PlanarExperiments
@_exported import PlanarLanguage
@_exported import PlanarLearning
@_exported import PlanarNeuralNetworks
@_exported import PlanarPhysics
@_exported import PlanarPlanning
@_exported import PlanarPolicies
@_exported import PlanarPolicyInterface
@_exported import PlanarRecipes
@_exported import PlanarReplays
@_exported import PlanarRollouts
@_exported import PlanarSceneDrawing
@_exported import PlanarTensorFiles
