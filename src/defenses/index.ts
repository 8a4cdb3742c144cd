import { registry } from '../base/registry.ts'
import type { AnyDefense } from '../threat/defense.ts'
import { backdoorRepair } from './backdoor/repair.ts'
import { detectors } from './detectors/index.ts'
import { adversarialTraining } from './training/adversarial-training.ts'
import { distillation } from './training/distillation.ts'
import { fastAdversarialTraining } from './training/fast-adversarial-training.ts'
import { noiseTraining } from './training/noise-training.ts'
import { partitionAggregation } from './training/partition-aggregation.ts'
import { standardTraining } from './training/standard.ts'
import { trades } from './training/trades.ts'
import { trimmedLoss } from './training/trimmed-loss.ts'
import { transforms } from './transforms/index.ts'
import { detectorDefense } from './without-training/detector-defense.ts'
import { quantisationDefense } from './without-training/quantisation-defense.ts'
import { temperatureDefense } from './without-training/temperature-defense.ts'
import { transformDefense } from './without-training/transform-defense.ts'

/** Every defence: ways of training, transforms of inputs, detectors, and what is done to a finished model. */
export const defenses: ReadonlyMap<string, AnyDefense> = registry(
  'defence',
  [
    standardTraining,
    adversarialTraining,
    trades,
    fastAdversarialTraining,
    noiseTraining,
    distillation,
    trimmedLoss,
    partitionAggregation,
    ...[...transforms.values()].map(transformDefense),
    ...[...detectors.values()].map(detectorDefense),
    temperatureDefense,
    quantisationDefense,
    backdoorRepair,
  ],
  ({ id }) => id,
)
