import { clipped } from './levels.ts'
import { paddedForWindow, reachOf } from './symmetric-pad.ts'
import { defineTransform, type TransformSite } from './transform.ts'

/** Weights of a window, from its first pixel to its last; they sum to 1. */
export const blurWeights = (window: number, sigma: number): readonly number[] => {
  const { before } = reachOf(window)
  const weights = Array.from({ length: window }, (_, i) =>
    sigma === 0 ? 1 : Math.exp(-((i - before) ** 2) / (2 * sigma ** 2)),
  )
  const sum = weights.reduce((a, b) => a + b, 0)
  return weights.map((weight) => weight / sum)
}

/** A Gaussian blur, or the mean of a window, channel by channel; the border is mirrored. Linear, with its true gradient. */
export const spatialSmoothing = defineTransform({
  id: 'spatial-smoothing',
  title: 'Gaussian or mean blur',
  reference: 'Xu et al. 2018, arXiv:1704.01155, section II-C',
  holds:
    'A linear map, part of the network like any other layer: gradients go through it unharmed, and an adaptive attacker just draws smoother perturbations. Alone it is no defence.',
  random: false,
  rows: 'images',
  parameters: {
    sigma: {
      kind: 'number',
      default: 1,
      min: 0,
      max: 100,
      help: 'width of the Gaussian, pixels; 0 for the plain mean',
    },
    window: { kind: 'integer', default: 3, min: 2, max: 63, help: 'side of the window, pixels' },
  },
  build(site, { sigma, window }) {
    const { g, low, high } = site
    const weights = blurWeights(window, sigma)
    const padded = paddedForWindow(site, window)
    const blurred = along(site, along(site, padded, [window, 1], weights), [1, window], weights)
    return clipped(g, blurred, low, high)
  },
})

const along = (
  { g, dims }: TransformSite,
  x: TransformSite['x'],
  kernel: readonly [number, number],
  weights: readonly number[],
): TransformSite['x'] => {
  const channels = dims[0]!
  const kernels = Array.from({ length: channels }, () => weights).flat()
  return g.op('Conv', [x, g.constant('float32', [channels, 1, ...kernel], kernels)], { group: channels })
}
