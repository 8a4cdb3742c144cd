import type { InputInfo, Probe } from '../contract/index.ts'
import { type DataSet, openData } from '../data/index.ts'
import { differencePicture, type Picture, rowPicture } from './report/index.ts'

/** Draws the worst examples of a probe (clean, perturbed, difference) and names the pictures in it. */
export const withPictures = async (
  probe: Probe,
  examples: string,
  {
    set,
    input,
    pictures,
  }: { readonly set: DataSet; readonly input: InputInfo; readonly pictures: Map<string, Picture> },
): Promise<Probe> => {
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
