import { BartizanError } from '../../../base/errors.ts'
import type { Random } from '../../../base/random.ts'
import { type AnyAttack, defineAttack } from '../../../threat/attack.ts'
import type { Image } from './image.ts'

/** What a severity from 1 to 5 means, in this order. */
export type Severities<C> = readonly [C, C, C, C, C]

export interface Corruption<C> {
  readonly id: string
  /** What is done to the image, for lists. */
  readonly title: string
  /** True where it does nothing to a grey image. */
  readonly colourOnly?: boolean
  /** Published constants for images of at most 64 pixels a side (CIFAR-10-C). */
  readonly small: Severities<C>
  /** Published constants for larger images (ImageNet-C). */
  readonly large: Severities<C>
  /** Values that leave the range from 0 to 1 are clipped. */
  apply(image: Image, constants: C, random: Random): Image | Promise<Image>
}

/** The longest side, in pixels, of an image that gets the constants of CIFAR-10-C. */
const smallSide = 64

/** Rows that are worked on at once, where a corruption waits for something. */
const rowsAtOnce = 16

/**
 * A corruption as an attack that looks at nothing: it changes each image as a bad camera or bad weather does, at a
 * severity from 1 to 5, which is its budget (Hendrycks and Dietterich 2019, arXiv:1903.12261). A row gets the same
 * random numbers at every severity. Values are mapped to [0, 1] and back, and are not rounded to bytes.
 */
export const defineCorruption = <C>(corruption: Corruption<C>): AnyAttack =>
  defineAttack({
    id: corruption.id,
    title: corruption.title,
    reference: 'Hendrycks and Dietterich 2019, arXiv:1903.12261',
    access: 'nothing',
    domain: corruption.colourOnly ? 'colour images' : 'images',
    norms: ['severity'],
    tasks: ['classification', 'regression', 'multi-label'],
    parameters: {},
    async run({ target, x0, rows, size, epsilon: severity, low, high, random, progress }) {
      checkSeverity(corruption.id, severity)
      const [, height = 1, width = 1] = target.dims
      const constants = (Math.max(height, width) <= smallSide ? corruption.small : corruption.large)[severity - 1]!
      const x = x0.slice()
      const corrupt = async (row: number): Promise<void> => {
        const values = x.subarray(row * size, (row + 1) * size)
        const image = await corruption.apply(toImage(values, height, width, low, high), constants, random(row))
        fromImage(image, values, low, high)
      }
      for (let from = 0; from < rows; from += rowsAtOnce) {
        const count = Math.min(rowsAtOnce, rows - from)
        await Promise.all(Array.from({ length: count }, (_, i) => corrupt(from + i)))
        progress((from + count) / rows)
      }
      return { x, sizes: new Float64Array(rows).fill(severity) }
    },
  })

/** Only the published severities mean something: nothing is interpolated between them. */
const checkSeverity = (id: string, severity: number): void => {
  if (!(Number.isInteger(severity) && severity >= 1 && severity <= 5))
    throw new BartizanError('ATTACK_NOT_APPLICABLE', `${id} has the severities 1, 2, 3, 4 and 5, and no ${severity}`, {
      hint: 'give whole severities: --norm severity --eps 3, or epsilon: [1, 2, 3, 4, 5] in bartizan.yaml',
    })
}

const toImage = (values: Float32Array, height: number, width: number, low: number, high: number): Image => {
  const area = height * width
  const plane = (channel: number): Float64Array => {
    const shares = new Float64Array(area)
    for (let i = 0; i < area; i++) shares[i] = (values[channel * area + i]! - low) / (high - low)
    return shares
  }
  return { height, width, planes: Array.from({ length: values.length / area }, (_, channel) => plane(channel)) }
}

const fromImage = ({ planes }: Image, values: Float32Array, low: number, high: number): void => {
  let at = 0
  for (const plane of planes)
    for (let i = 0; i < plane.length; i++) {
      const value = Math.fround(low + Math.min(Math.max(plane[i]!, 0), 1) * (high - low))
      values[at++] = Math.min(Math.max(value, low), high)
    }
}
