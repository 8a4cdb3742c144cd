import type { Random } from '../../base/random.ts'
import { stream } from '../../base/random.ts'
import { type DefenseContext, defineDefense } from '../../threat/defense.ts'
import { standard } from '../../training/objective.ts'
import { recipeParameters } from '../../training/recipe.ts'
import { withSmoothingMetadata } from '../smoothing/metadata.ts'
import { addNoise } from '../smoothing/noise.ts'
import { defaultAlpha, defaultN0 } from '../smoothing/options.ts'
import { fit } from './fit.ts'
import { accuracyOn, type Measure } from './validation.ts'

// The noise has a parameter of its own, sigma, which the certificate needs too.
const { noise: _, ...recipe } = recipeParameters

/** Minimises the cross-entropy under normal noise: what randomised smoothing needs of its base classifier. */
export const noiseTraining = defineDefense({
  id: 'noise-training',
  title: 'Training with Gaussian noise, for randomised smoothing',
  reference: 'Cohen, Rosenfeld and Kolter 2019, arXiv:1902.02918',
  holds:
    'The smoothed classifier (the commonest answer over many noisy copies of a row) provably keeps its answer within a ' +
    'certified L2 radius, but for a probability of alpha. The file alone, run once, is certified for nothing.',
  parameters: {
    ...recipe,
    sigma: {
      kind: 'number',
      default: 0.25,
      min: 1e-6,
      help: 'standard deviation of the noise, in input units: larger radii, less accuracy',
    },
    n0: {
      kind: 'integer',
      default: defaultN0,
      min: 1,
      help: 'noisy copies that propose a class, written into the file',
    },
    n: { kind: 'integer', default: 100_000, min: 1, help: 'noisy copies that test it, written into the file' },
    alpha: {
      kind: 'number',
      default: defaultAlpha,
      min: 1e-12,
      max: 0.5,
      help: 'probability that a certificate is wrong, written into the file',
    },
  },
  async run(context, parameters) {
    const { sigma, n0, n, alpha } = parameters
    const plain = standard(parameters['label-smoothing'])
    const hardened = await fit(
      context,
      { ...parameters, noise: 0 },
      {
        key: `noise ${sigma} ${plain.key}`,
        loss: plain.loss,
        prepare: async ({ x, rows, random }) => ({ x: noisy(x, rows, sigma, (row) => random(row, 'noise')) }),
      },
      { chooseBy: underNoise(context, sigma) },
    )
    return {
      ...hardened,
      model: withSmoothingMetadata(hardened.model, { sigma, n0, n, alpha }),
      notes: [
        ...hardened.notes,
        `Accuracies of the training are under noise of standard deviation ${sigma}, as the smoothed classifier sees rows.`,
      ],
    }
  },
})

const noisy = (x: Float32Array, rows: number, sigma: number, random: (row: number) => Random): Float32Array => {
  const size = x.length / rows
  const result = new Float32Array(x.length)
  for (let row = 0; row < rows; row++) {
    const [from, to] = [row * size, (row + 1) * size]
    addNoise(x.subarray(from, to), sigma, random(row), result.subarray(from, to))
  }
  return result
}

/** The share of rows that are classified right under one draw of the noise, the same in every epoch. */
const underNoise =
  ({ seed }: DefenseContext, sigma: number): Measure =>
  async (now, { x, labels }) => ({
    accuracy: await accuracyOn(now, {
      x: noisy(x, labels.length, sigma, (row) => stream(seed, 'noisy validation', row)),
      labels,
    }),
  })
