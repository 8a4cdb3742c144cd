import type { EvasionProbe, Fitted, InputInfo } from '../contract/index.ts'
import { type DataSet, openData, readNpy } from '../data/index.ts'
import { differencePicture, type Picture, patchPicture, rowPicture } from './report/index.ts'

interface Drawing {
  readonly set: DataSet
  readonly input: InputInfo
  /** Takes the pictures, by name. */
  readonly pictures: Map<string, Picture>
}

/**
 * Draws what a probe made for all rows, and its worst examples (clean, perturbed, difference), and names the pictures in
 * it. `examples`, `fitted`: npy files of the rows after the attack, and of what it made.
 */
export const withPictures = async (
  probe: EvasionProbe,
  { examples, fitted }: { readonly examples: string; readonly fitted: string },
  drawing: Drawing,
): Promise<EvasionProbe> => {
  const drawn = await withExamples(probe, examples, drawing)
  const made = drawn.result?.fitted
  if (!drawn.result || !made) return drawn
  const { data } = await readNpy(fitted)
  return {
    ...drawn,
    result: { ...drawn.result, fitted: withPicture(made, Array.from(data, Number), probe.id, drawing) },
  }
}

/** A perturbation is enlarged so that its biggest change spans the scale. */
const withPicture = (made: Fitted, values: readonly number[], probe: string, { input, pictures }: Drawing): Fitted => {
  const drawn =
    made.kind === 'patch'
      ? { picture: patchPicture(values, made.shape, input), gain: 1 }
      : differencePicture(new Float32Array(values.length), values, input)
  if (!drawn?.picture) return made
  const name = `${probe}/fitted`
  pictures.set(name, drawn.picture)
  return { ...made, picture: { name, gain: drawn.gain } }
}

const withExamples = async (
  probe: EvasionProbe,
  examples: string,
  { set, input, pictures }: Drawing,
): Promise<EvasionProbe> => {
  if (probe.worst.length === 0) return probe
  const attacked = await openData({ path: examples })
  const worst = []
  try {
    for (const example of probe.worst) {
      const at = example.row - set.offset
      const clean = (await set.read(at, at + 1)).x as Float32Array
      const perturbed = (await attacked.read(at, at + 1)).x as Float32Array
      const [before, after, difference] = [
        rowPicture(clean, input),
        rowPicture(perturbed, input),
        differencePicture(clean, perturbed, input),
      ]
      if (!before || !after || !difference) return probe
      const name = (kind: string): string => `${probe.id}/${example.row}/${kind}`
      pictures.set(name('clean'), before)
      pictures.set(name('perturbed'), after)
      pictures.set(name('difference'), difference.picture)
      worst.push({
        ...example,
        pictures: {
          clean: name('clean'),
          perturbed: name('perturbed'),
          difference: name('difference'),
          gain: difference.gain,
        },
      })
    }
  } finally {
    await attacked.close()
  }
  return { ...probe, worst }
}
