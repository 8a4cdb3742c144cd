import type { Figure } from '../../../contract/index.ts'
import { type Markup, markup } from '../markup.ts'

const px = (share: number): string => (1 + 198 * share).toFixed(1)

/**
 * A share from 0 to 1 as a bar with the whisker of its 95 % interval and, where given, a mark at what was required. It
 * repeats numbers that stand beside it, so it is hidden from screen readers.
 */
export const intervalBar = ({ value, low, high }: Figure, kind: 'bar' | 'gauge', required?: number): Markup =>
  markup`<svg class="${kind}" viewBox="0 0 200 18" preserveAspectRatio="none" aria-hidden="true" focusable="false"><rect class="track" x="1" y="3" width="198" height="12" rx="2"/><rect class="value" x="1" y="3" width="${(198 * value).toFixed(1)}" height="12" rx="2"/><path class="whisker" vector-effect="non-scaling-stroke" d="M${px(low)} 9H${px(high)}M${px(low)} 5V13M${px(high)} 5V13"/>${
    required === undefined
      ? ''
      : markup`<path class="need-mark" vector-effect="non-scaling-stroke" d="M${px(required)} 0V18"/>`
  }</svg>`
