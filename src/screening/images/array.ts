import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import type { NumericArray } from '../../data/dtype.ts'
import type { Source } from '../../data/source.ts'
import { areaResize } from './area-resize.ts'
import { fingerprintOf, thumbnailSide } from './fingerprint.ts'
import type { ImageFacts } from './image-facts.ts'
import type { ImageCheckOptions } from './options.ts'

/** Where the pixels of a row lie. */
interface Layout {
  readonly height: number
  readonly width: number
  readonly channels: number
  /** Steps between neighbours along each axis. */
  readonly rowStep: number
  readonly columnStep: number
  readonly channelStep: number
}

const isChannels = (size: number): boolean => size === 1 || size === 3 || size === 4

/** [height, width], [channels, height, width] or [height, width, channels]; a flat row with the declared size. */
const layoutOf = ({ path, shape }: Source, { size, channels = 1 }: ImageCheckOptions): Layout => {
  const planar = (count: number, height: number, width: number): Layout => ({
    height,
    width,
    channels: count,
    rowStep: width,
    columnStep: 1,
    channelStep: height * width,
  })
  const [a = 0, b = 0, c = 0] = shape
  if (shape.length === 2) return planar(1, a, b)
  if (shape.length === 3 && isChannels(a)) return planar(a, b, c)
  if (shape.length === 3 && isChannels(c))
    return { height: a, width: b, channels: c, rowStep: b * c, columnStep: c, channelStep: 1 }
  if (shape.length === 1 && size !== undefined && size[0] * size[1] * channels === a) return planar(channels, ...size)
  throw new BartizanError(
    'DATA_SHAPE_MISMATCH',
    `rows of ${path} are no images: their shape is [${shape.join(', ')}]`,
    {
      hint: 'rows are [height, width], [channels, height, width] or [height, width, channels]; of flat ones give the size',
      data: { path, shape },
    },
  )
}

/** Brightness of one row, the mean of up to three channels, as the file stores it. */
const brightness = (x: NumericArray, start: number, layout: Layout): Float64Array => {
  const { height, width, rowStep, columnStep, channelStep } = layout
  const colours = Math.min(3, layout.channels)
  const grey = new Float64Array(height * width)
  for (let row = 0; row < height; row++)
    for (let column = 0; column < width; column++) {
      const at = start + row * rowStep + column * columnStep
      for (let channel = 0; channel < colours; channel++)
        grey[row * width + column] += Number(x[at + channel * channelStep]) / colours
    }
  return grey
}

const extremes = (values: Float64Array): readonly [number, number] => [
  values.reduce((low, value) => Math.min(low, value), Number.POSITIVE_INFINITY),
  values.reduce((high, value) => Math.max(high, value), Number.NEGATIVE_INFINITY),
]

const factsOf = (name: string, grey: Float64Array, bytes: Uint8Array, layout: Layout): ImageFacts => {
  const { height, width } = layout
  const base = { name, height, width, channels: layout.channels === 4 ? 3 : layout.channels, metadata: false }
  if (!grey.every(Number.isFinite))
    return { ...base, problems: [{ kind: 'not-finite', message: 'holds a value that is no finite number' }] }
  const known = { ...base, digest: sha256(bytes) }
  const [low, high] = extremes(grey)
  if (low === high) return { ...known, problems: [{ kind: 'blank', message: 'is of one colour' }] }
  // Each row by its own range: what is compared is the picture, not the exposure, nor whether bytes or shares are stored.
  const small = areaResize(grey, [height, width], [thumbnailSide, thumbnailSide])
  const scaled = small.map((value) => (255 * (value - low)) / (high - low))
  return { ...known, problems: [], print: fingerprintOf(scaled) }
}

/** Rows read at once. */
const atOnce = 64

/** Every row of an array as an image. */
export const inspectArray = async (source: Source, options: ImageCheckOptions): Promise<readonly ImageFacts[]> => {
  const layout = layoutOf(source, options)
  const size = source.shape.reduce((product, side) => product * side, 1)
  const facts: ImageFacts[] = []
  for (let from = 0; from < source.rows; from += atOnce) {
    const to = Math.min(source.rows, from + atOnce)
    const { x } = await source.read(from, to)
    for (let row = from; row < to; row++) {
      const values = x.subarray((row - from) * size, (row - from + 1) * size)
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
      facts.push(factsOf(`row ${row}`, brightness(x, (row - from) * size, layout), bytes, layout))
    }
  }
  return facts
}
