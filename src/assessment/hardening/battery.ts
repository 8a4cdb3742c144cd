import type { Config } from '../../contract/index.ts'
import type { Classifier } from '../../models/classifier.ts'
import { drawsAtRandom } from '../../models/draws-at-random.ts'

type Choice = Exclude<Config['battery'], string>[number]

/** Names of the batteries, cheapest first. */
export const batteryNames = ['quick', 'standard', 'autoattack'] as const
export type BatteryName = (typeof batteryNames)[number]

const oneStep: Choice = { attack: 'fgsm', params: {} }
const iterated: Choice = { attack: 'pgd', params: { steps: 40 } }
/** From scores alone: it must not do better than attacks that see everything. */
const search: Choice = { attack: 'square', params: { queries: 1000 } }

const batteries: Readonly<Record<BatteryName, readonly Choice[]>> = {
  quick: [oneStep, iterated],
  standard: [oneStep, iterated, { attack: 'apgd-ce', params: {} }, { attack: 'apgd-t', params: {} }, search],
  autoattack: [oneStep, iterated, { attack: 'autoattack', params: {} }, search],
}

/** Averages over what the model draws; a row that breaks once may hold in the next run, so none is left early. */
const averaged: Choice = { attack: 'pgd', params: { steps: 40, eot: 16, 'early-stop': false } }

/**
 * The attacks that judge a model before and after. Each goes through what stands in front of the network: gradients
 * pass transforms by their rules (BPDA), and where the model draws random numbers one attack averages over them (EOT).
 * A model without gradients is searched by its scores, whatever the battery.
 */
export const batteryFor = (name: BatteryName, model: Classifier): readonly Choice[] => [
  ...batteries[name].filter(({ attack }) => attack !== 'pgd' || !drawsAtRandom(model)),
  ...(drawsAtRandom(model) ? [averaged] : []),
  ...(!model.differentiable.ok && !batteries[name].includes(search) ? [search] : []),
]
