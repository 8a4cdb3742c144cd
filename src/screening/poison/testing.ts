import { stream } from '../../base/random.ts'
import { type AnyParameters, resolveParameters } from '../../threat/parameters.ts'
import type { ScreenContext, ScreenResult } from '../../threat/screen.ts'
import { poisonScreens } from './index.ts'

const contentWidth = 12
const featureWidth = 6

export interface Toy {
  readonly classes?: number
  readonly each?: number
  /** Rows of class 0 that come to be labelled 1, with features of their own. */
  readonly poisoned?: number
  readonly seed?: number
}

/** Rows whose contents tell their class; features of poisoned rows lie apart within the class that they are labelled. */
export const toyContext = ({ classes = 4, each = 120, poisoned = 0, seed = 0 }: Toy = {}) => {
  const rows = classes * each
  const random = stream('toy', seed)
  const x = new Float32Array(rows * contentWidth)
  const features = new Float32Array(rows * featureWidth)
  const labels = new Int32Array(rows)
  const bad = new Set<number>()
  for (let row = 0; row < rows; row++) {
    const content = row % classes
    const isBad = content === 0 && bad.size < poisoned
    if (isBad) bad.add(row)
    const label = isBad ? 1 : content
    labels[row] = label
    for (let j = 0; j < contentWidth; j++) x[row * contentWidth + j] = (j === content ? 5 : 0) + random.normal()
    for (let j = 0; j < featureWidth; j++)
      features[row * featureWidth + j] =
        (j === label ? 6 : 0) + random.normal() + (isBad && j === featureWidth - 1 ? 12 : 0)
  }
  const context: Omit<ScreenContext, 'random'> = {
    x,
    rows,
    size: contentWidth,
    labels,
    classes,
    features: { values: features, width: featureWidth },
    falseDiscoveryRate: 0.05,
    progress: () => undefined,
  }
  return { context, bad: [...bad] }
}

/** Runs a screen by its id, seeded. */
export const runScreen = (
  id: string,
  context: Omit<ScreenContext, 'random'>,
  given: AnyParameters = {},
): Promise<ScreenResult> => {
  const screen = poisonScreens.get(id)!
  return screen.run(
    { ...context, random: (...key) => stream('test', id, ...key) },
    resolveParameters(id, screen.parameters, given),
  )
}
