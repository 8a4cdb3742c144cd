export { withOwnWeights } from './own-weights.ts'
export { type TrainingGraph, type TrainingModeOptions, trainingGraph } from './training-graph.ts'
