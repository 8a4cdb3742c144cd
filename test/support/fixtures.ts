import { fileURLToPath } from 'node:url'
import { type NpyArray, openData, readNpz } from '../../src/data/index.ts'
import { type Classifier, type ClassifierOptions, openClassifier } from '../../src/models/classifier.ts'

const root = new URL('../../', import.meta.url)
export const fixture = (path: string): string => fileURLToPath(new URL(`test/fixtures/${path}`, root))
export const example = (path: string): string => fileURLToPath(new URL(`examples/${path}`, root))

export const model = (name: string, options?: ClassifierOptions): Promise<Classifier> =>
  openClassifier(name === 'mnist-cnn' ? example('digits/digits.onnx') : fixture(`models/${name}.onnx`), options)

/** What an independent tool stored: rows `x`, labels `y`, and results by name. */
export const stored = async (
  name: string,
): Promise<{ x: Float32Array; y: Int32Array; of(key: string): Float32Array }> => {
  const arrays = await readNpz(fixture(`results/${name}.npz`))
  const values = (key: string): NpyArray['data'] => {
    const array = arrays[key]
    if (!array) throw new Error(`${name}.npz has no "${key}"`)
    return array.data
  }
  return {
    x: Float32Array.from(values('x') as ArrayLike<number>),
    y: Int32Array.from(values('y') as ArrayLike<number>, Number),
    of: (key) => values(key) as Float32Array,
  }
}

/** The first rows of MNIST's test set, in [0, 1]. */
export const digits = async (rows: number): Promise<{ x: Float32Array; y: Int32Array }> => {
  const set = await openData({
    path: example('digits/images-idx3-ubyte'),
    labels: example('digits/labels-idx1-ubyte'),
    scale: 1 / 255,
  })
  const batch = await set.read(0, rows)
  await set.close()
  return { x: batch.x as Float32Array, y: batch.y! }
}

/** |a - b| / |b| in L2, over the given range of elements. */
export const relativeError = (a: ArrayLike<number>, b: ArrayLike<number>, from = 0, to = b.length): number => {
  let difference = 0
  let size = 0
  for (let i = from; i < to; i++) {
    difference += (a[i]! - b[i]!) ** 2
    size += b[i]! ** 2
  }
  return Math.sqrt(difference / size)
}
