import { BartizanError } from '../../../base/errors.ts'
import { fromScale, rounded, toScale } from '../levels.ts'
import { defineTransform } from '../transform.ts'
import { throughBlocks } from './blocks.ts'
import { throughColour } from './colour.ts'
import { quantisationTables } from './tables.ts'

/**
 * Baseline JPEG, encoded and decoded: 256 levels over the range, the standard's quantisation tables, colour at half the
 * resolution (4:2:0) for three channels, grey for one. Only the lossless part, which changes nothing, is left out.
 * Gradients go through the transforms, and straight through the rounding.
 */
export const jpeg = defineTransform({
  id: 'jpeg',
  title: 'JPEG compression',
  reference: 'Guo et al. 2018, arXiv:1711.00117; ITU-T T.81',
  holds:
    'An adaptive attacker takes the rounding of coefficients for the identity and breaks the model about as easily as without it; the compression then only shapes the perturbation (Athalye et al. 2018, arXiv:1802.00420, broke it entirely on ImageNet).',
  random: false,
  rows: 'images',
  parameters: {
    quality: { kind: 'integer', default: 50, min: 1, max: 100, help: 'quality as encoders count it: lower loses more' },
  },
  build(site, { quality }) {
    const { g, dims } = site
    const [channels, height, width] = dims as [number, number, number]
    if (channels !== 1 && channels !== 3)
      throw new BartizanError('USAGE', `jpeg works on pictures of 1 or 3 channels, not of ${channels}`, {
        data: { channels },
      })
    const tables = quantisationTables(quality)
    const levels = rounded(g, toScale(site, 255))
    const decoded =
      channels === 1
        ? throughBlocks(g, { value: levels, channels, height, width, steps: tables.luminance })
        : throughColour(g, levels, height, width, tables)
    return fromScale(site, decoded, 255)
  },
})
