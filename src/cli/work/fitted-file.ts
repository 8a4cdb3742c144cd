import { checkFitted, type FittedUse } from '../../attacks/evasion/universal/fitted.ts'
import { BartizanError } from '../../base/errors.ts'
import type { Fitted } from '../../contract/index.ts'
import { fileDigest, type NpyArray, readNpy, readNpz, writeNpy, writeNpz } from '../../data/index.ts'

/** What an attack applies to every row, from a file. */
export interface LoadedFit {
  readonly values: Float32Array
  readonly file: NonNullable<Fitted['file']>
}

/** Throws USAGE unless the attack makes something for all rows; `flag` names what was asked for. */
export const demandFit = ({ id, makes }: FittedUse['attack'], flag: string): void => {
  if (makes) return
  throw new BartizanError('USAGE', `${flag}: ${id} makes a change of its own for every row`, {
    hint: 'universal makes one perturbation for all rows, patch one patch',
  })
}

/**
 * Reads what `saveFitted` wrote, or any npy array of the right shape. In an npz the array has the name of the attack, so
 * that a perturbation isn't taken for a patch. Throws what reading throws, DATA_SHAPE_MISMATCH and DATA_OUT_OF_RANGE.
 */
export const loadFitted = async (path: string, use: FittedUse): Promise<LoadedFit> => {
  const { shape, data } = isNpz(path) ? named(path, await readNpz(path), use.attack.id) : await readNpy(path)
  if (!(data instanceof Float32Array || data instanceof Float64Array))
    throw new BartizanError(
      'DATA_FORMAT_UNSUPPORTED',
      `${path} holds whole numbers, and ${use.attack.id} applies floats`,
      {
        hint: 'save it as float32',
        data: { path },
      },
    )
  const values = Float32Array.from(data)
  checkFitted(use, { path, shape, values })
  return { values, file: { path, sha256: await fileDigest(path) } }
}

const isNpz = (path: string): boolean => path.toLowerCase().endsWith('.npz')

const named = (path: string, arrays: Readonly<Record<string, NpyArray>>, attack: string): NpyArray => {
  const found = arrays[attack]
  if (found) return found
  throw new BartizanError(
    'CONFIG_INVALID',
    `${path} holds ${Object.keys(arrays).join(', ')}, and nothing of ${attack}`,
    {
      hint: `an attack applies what it made itself: bartizan attack run ${Object.keys(arrays)[0] ?? attack}, or a file that ${attack} saved`,
      data: { path, arrays: Object.keys(arrays) },
    },
  )
}

/** Writes it as npy, or as npz with the attack's name, by the ending of the path. Throws FILE_UNWRITABLE. */
export const saveFitted = (path: string, attack: string, { shape }: Fitted, values: Float32Array): Promise<void> => {
  const array = { dtype: 'float32', shape, data: values } as const
  return isNpz(path) ? writeNpz(path, { [attack]: array }) : writeNpy(path, array)
}
