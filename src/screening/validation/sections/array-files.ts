import { BartizanError } from '../../../base/errors.ts'
import type { Detected } from '../../../data/detect.ts'
import { openIdx } from '../../../data/formats/idx.ts'
import { openNpy } from '../../../data/formats/npy.ts'
import { npzNames, openNpz } from '../../../data/formats/npz.ts'
import type { Source } from '../../../data/source.ts'

/** The arrays of an IDX, npy or npz file. */
export interface ArrayFile {
  /** Undefined where the file holds one array without a name. */
  readonly names: readonly string[] | undefined
  /** One of them; the only one unless named. Throws CONFIG_INVALID, DATA_CORRUPT. */
  open(name?: string): Promise<Source>
  close(): Promise<void>
}

/** Opens what `detect` found. The caller closes it. Throws DATA_CORRUPT, DATA_FORMAT_UNSUPPORTED. */
export const openArrays = async (
  path: string,
  { format, bytes }: Extract<Detected, { readonly bytes: unknown }>,
): Promise<ArrayFile> => {
  const close = () => bytes.close()
  try {
    if (format === 'npz') return { names: await npzNames(path), open: (name) => openNpz(path, bytes, name), close }
    const only = format === 'npy' ? openNpy : openIdx
    return {
      names: undefined,
      open: async (name) => {
        if (name === undefined) return only(path, bytes)
        throw new BartizanError('CONFIG_INVALID', `${path} holds one array, which has no name`, {
          hint: 'leave the name out',
          data: { path, name },
        })
      },
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}
