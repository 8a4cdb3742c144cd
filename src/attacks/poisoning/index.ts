import { registry } from '../../base/registry.ts'
import type { AnyPoisonAttack } from '../../threat/poisoning.ts'
import { adversarialPoison } from './adversarial-poison.ts'
import { badnets } from './badnets.ts'
import { blended } from './blended.ts'
import { cleanLabel } from './clean-label.ts'
import { cleanLabelPlain } from './clean-label-plain.ts'
import { featureTrigger } from './feature-trigger.ts'
import { gradientMatching } from './gradient-matching.ts'
import { labelFlip } from './label-flip.ts'
import { targetedLabelFlip } from './targeted-label-flip.ts'

/** Every poisoning attack, cheapest first. */
export const poisonAttacks: ReadonlyMap<string, AnyPoisonAttack> = registry(
  'poisoning attack',
  [
    labelFlip,
    targetedLabelFlip,
    badnets,
    blended,
    featureTrigger,
    cleanLabelPlain,
    cleanLabel,
    adversarialPoison,
    gradientMatching,
  ],
  ({ id }) => id,
)
