import { clipped } from './levels.ts'
import { paddedForWindow } from './symmetric-pad.ts'
import { defineTransform } from './transform.ts'

/**
 * The median of a square window around each pixel, channel by channel, as scipy.ndimage.median_filter computes it with
 * mode `reflect`: the upper median for even windows. The gradient goes to the pixel that was chosen.
 */
export const medianSmoothing = defineTransform({
  id: 'median-smoothing',
  title: 'Median of a window (feature squeezing)',
  reference: 'Xu et al. 2018, arXiv:1704.01155',
  holds:
    'An adaptive attacker follows the gradient to the pixels that the medians pick, and moves whole patches instead of single pixels. It helps against changes of few pixels (L0), hardly against small changes of many (Linf), and costs accuracy.',
  random: false,
  rows: 'images',
  parameters: {
    window: { kind: 'integer', default: 3, min: 2, max: 15, help: 'side of the window, pixels' },
  },
  build(site, { window }) {
    const { g, dims, low, high } = site
    const [channels, height, width] = dims as [number, number, number]
    const count = window ** 2
    // One kernel a position: each takes the pixel at its place, so that the window lies along an axis of its own.
    const taps = Array.from({ length: channels * count ** 2 }, (_, i) =>
      i % count === Math.floor(i / count) % count ? 1 : 0,
    )
    const kernels = g.constant('float32', [channels * count, 1, window, window], taps)
    const windows = g.op('Conv', [paddedForWindow(site, window), kernels], { group: channels })
    const apart = g.reshape(windows, [0, channels, count, height, width])
    const rank = Math.floor(count / 2)
    const largest = count - rank
    const [sorted] = g.ops('TopK', [apart, g.ints([largest])], { axis: 2, largest: 1 }, { outputs: 2 })
    const median = g.squeeze(g.slice(sorted!, [largest - 1], [largest], [2]), [2])
    return clipped(g, median, low, high)
  },
})
