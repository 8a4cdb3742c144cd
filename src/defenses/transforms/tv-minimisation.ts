import type { Value } from '../../onnx/builder.ts'
import { clipped } from './levels.ts'
import { defineTransform, type TransformSite } from './transform.ts'

/** Step of the projected gradient: below 2 / 8, the bound for differences of neighbours in two directions. */
const stepSize = 0.24

/**
 * The picture z that minimises |z - x|² / 2 + weight (high - low) Σ |differences of neighbours| (anisotropic total
 * variation), by a fixed number of projected gradient steps on the dual (Chambolle 2004, J. Math. Imaging Vis. 20), each
 * channel by itself. Guo et al. also drop pixels at random first; this doesn't, so that the same input gives the same
 * answer. The gradient is that of the steps themselves.
 */
export const tvMinimisation = defineTransform({
  id: 'tv-minimisation',
  title: 'Total variation minimisation',
  reference: 'Guo et al. 2018, arXiv:1711.00117',
  holds:
    'An adaptive attacker differentiates through the steps. It takes off small perturbations of pictures with flat areas, so that a larger budget is needed than without it, and no more: Athalye et al. 2018, arXiv:1802.00420, broke it entirely on ImageNet.',
  random: false,
  rows: 'images',
  parameters: {
    steps: { kind: 'integer', default: 30, min: 1, max: 200, help: 'gradient steps; more come closer to the minimum' },
    weight: {
      kind: 'number',
      default: 0.1,
      min: 0,
      max: 10,
      help: 'weight of the total variation, as a share of the input range: higher smooths more',
    },
  },
  build(site, { steps, weight }) {
    const { g, x, low, high } = site
    const bound = weight * (high - low)
    const pull = g.mul(differences(site, x), stepSize)
    let dual = clipped(g, pull, -bound, bound)
    for (let step = 1; step < steps; step++) {
      const moved = g.mul(differences(site, spreadBack(site, dual)), stepSize)
      dual = clipped(g, g.add(g.sub(dual, moved), pull), -bound, bound)
    }
    return clipped(g, g.sub(x, spreadBack(site, dual)), low, high)
  },
})

/** To the pixel below and to the one on the right, 0 past the border: [rows, 2 channels, height, width]. */
const differences = ({ g, dims }: TransformSite, x: Value): Value => {
  const channels = dims[0]!
  const kernels = Array.from({ length: channels }, () => [-1, 0, 1, 0, -1, 1, 0, 0]).flat()
  const extended = g.op('Pad', [x, g.ints([0, 0, 0, 0, 0, 0, 1, 1])], { mode: 'edge' })
  return g.op('Conv', [extended, g.constant('float32', [2 * channels, 1, 2, 2], kernels)], { group: channels })
}

/** The adjoint of `differences`. */
const spreadBack = ({ g, dims }: TransformSite, dual: Value): Value => {
  const channels = dims[0]!
  const kernels = Array.from({ length: channels }, () => [0, 1, 0, -1, 0, 0, 1, -1]).flat()
  return g.op('Conv', [dual, g.constant('float32', [channels, 2, 2, 2], kernels)], {
    group: channels,
    pads: [1, 1, 0, 0],
  })
}
