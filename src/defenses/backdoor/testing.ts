import { stream } from '../../base/random.ts'
import { classifierFrom } from '../../models/classifier.ts'
import type { Model } from '../../onnx/types.ts'
import type { DefenseContext } from '../../threat/defense.ts'
import { buildArchitecture, parseArchitecture } from '../../training/architecture/index.ts'
import { contextOf, harden } from '../testing.ts'
import type { LabelledRows } from '../training/validation.ts'
import { type Trigger, triggerSpace, withTrigger } from './trigger.ts'

export const classes = 5
export const dims = [1, 12, 12] as const
export const size = 144
export const space = triggerSpace(dims, 0, 1)

/** Noisy pictures in [0, 1] of five strokes, by class. */
export const strokes = (rows: number, key: string): LabelledRows => {
  const x = new Float32Array(rows * size)
  const labels = Int32Array.from({ length: rows }, (_, row) => row % classes)
  for (let row = 0; row < rows; row++) {
    const random = stream('strokes', key, row)
    const shift = random.integer(3)
    for (let i = 0; i < size; i++) {
      const [down, right] = [Math.floor(i / 12), i % 12]
      const shown = [
        down === 3 + shift,
        right === 3 + shift,
        down === right,
        down + right === 11,
        (down - 5) ** 2 + (right - 5) ** 2 < 5 + shift,
      ]
      const bright = shown[labels[row]!]! ? 0.95 : 0.1
      x[row * size + i] = Math.min(1, Math.max(0, bright + 0.1 * random.normal()))
    }
  }
  return { x, labels }
}

const corner = [142, 143, 130, 131]

/** White in the four pixels of a corner. */
export const patch: Trigger = {
  kind: 'patch',
  mask: Float32Array.from({ length: size }, (_, i) => (corner.includes(i) ? 1 : 0)),
  pattern: new Float32Array(size).fill(1),
}

const signs = Array.from(
  { length: size },
  (
    (random) => () =>
      random.uniform() < 0.5 ? -1 : 1
  )(stream('b', 2)),
)

/** A faint pattern of squares of two pixels, lighter or darker, over the whole picture. */
export const blend: Trigger = {
  kind: 'blend',
  pattern: Float32Array.from(
    { length: size },
    (_, i) => 0.12 * signs[Math.floor(Math.floor(i / 12) / 2) * 12 + Math.floor((i % 12) / 2)]!,
  ),
}

/** Rows of which every fourth has the trigger and the target for a label. */
const poisoned = ({ x, labels }: LabelledRows, trigger: Trigger | undefined, target: number): LabelledRows => {
  if (!trigger) return { x, labels }
  const [shown, told] = [x.slice(), labels.slice()]
  for (let row = 0; row < labels.length; row += 4) {
    shown.set(withTrigger(trigger, x.subarray(row * size, (row + 1) * size), space), row * size)
    told[row] = target
  }
  return { x: shown, labels: told }
}

export const contextFor = (source: Model): DefenseContext =>
  contextOf({
    source,
    training: strokes(300, 'repair'),
    validation: strokes(100, 'validation'),
    context: { inputDims: dims },
  })

/** A network that learned strokes, and a backdoor where a trigger is given. */
export const planted = async (trigger?: Trigger, target = 2): Promise<Model> => {
  const layers = parseArchitecture('conv 8, relu, maxpool 2, dense 16, relu, dense classes')
  const source = buildArchitecture(layers, { input: dims, classes, seed: 3 })
  const { model } = await harden(
    'standard',
    {
      ...contextFor(source),
      training: contextOf({ training: poisoned(strokes(600, 'planted'), trigger, target) }).training,
    },
    { epochs: 8, batch: 32, 'learning-rate': 0.05 },
  )
  return model
}

export const opened = (model: Model) => classifierFrom(model, { path: 'planted.onnx', sha256: '' })
