import { fromScale, rounded, toScale } from './levels.ts'
import { defineTransform } from './transform.ts'

/** Feature squeezing by colour depth: 2^bits evenly spaced levels from the lowest to the highest value, ties to even. */
export const bitDepth = defineTransform({
  id: 'bit-depth',
  title: 'Fewer levels a value (feature squeezing)',
  reference: 'Xu et al. 2018, arXiv:1704.01155',
  holds:
    'An adaptive attacker takes the rounding for the identity and breaks the model as without it wherever the budget reaches half a level. One or two bits hold off small changes of pictures that are nearly black and white, where values must cross half the range, and of those only.',
  random: false,
  rows: 'any',
  parameters: {
    bits: { kind: 'integer', default: 4, min: 1, max: 16, help: 'bits a value keeps: 2^bits levels over the range' },
  },
  build(site, { bits }) {
    const top = 2 ** bits - 1
    return fromScale(site, rounded(site.g, toScale(site, top)), top)
  },
})
