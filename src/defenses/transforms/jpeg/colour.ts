import type { GraphBuilder, Value } from '../../../onnx/builder.ts'
import { asLevels, rounded } from '../levels.ts'
import { throughBlocks } from './blocks.ts'
import { throughChroma } from './chroma.ts'
import type { quantisationTables } from './tables.ts'

/** Luminance and colour differences of red, green and blue, levels 0 to 255 (JFIF, ITU-R BT.601). */
const toYcc = [...[0.299, 0.587, 0.114], ...[-0.168735892, -0.331264108, 0.5], ...[0.5, -0.418687589, -0.081312411]]
const toRgb = [...[1, 0, 1.402], ...[1, -0.344136286, -0.714136286], ...[1, 1.772, 0]]

/** Pictures of red, green and blue levels through baseline JPEG with half the resolution for colour. */
export const throughColour = (
  g: GraphBuilder,
  levels: Value,
  height: number,
  width: number,
  { luminance, chrominance }: ReturnType<typeof quantisationTables>,
): Value => {
  const centre = g.constant('float32', [1, 3, 1, 1], [0, 128, 128])
  const ycc = rounded(g, g.add(mixed(g, levels, toYcc), centre))
  const luma = g.slice(ycc, [0], [1], [1])
  const chroma = g.slice(ycc, [1], [3], [1])
  const decoded = g.concat(
    [
      throughBlocks(g, { value: luma, channels: 1, height, width, steps: luminance }),
      throughChroma(g, chroma, height, width, chrominance),
    ],
    1,
  )
  return asLevels(g, mixed(g, g.sub(decoded, centre), toRgb), 255)
}

const mixed = (g: GraphBuilder, value: Value, matrix: readonly number[]): Value =>
  g.op('Conv', [value, g.constant('float32', [3, 3, 1, 1], matrix)])
