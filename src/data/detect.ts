import { basename, extname } from 'node:path'
import { BartizanError } from '../base/errors.ts'
import { type ByteSource, fileBytes } from './bytes.ts'
import { statInput } from './files.ts'
import { looksLikeIdx } from './formats/idx.ts'
import { looksLikeNpy } from './formats/npy-header.ts'
import { tableExtensions } from './formats/table-extensions.ts'
import { gunzippedBytes } from './inflate.ts'
import type { DataFormat } from './source.ts'

const fromNumpy = 'save the rows with numpy.save(path, array) or as Parquet'

/** Formats that are never loaded, and how to get the rows out of them. */
const refused: Readonly<Record<string, string>> = {
  '.pt': 'in Python: numpy.save("x.npy", torch.load(path, weights_only=True).cpu().numpy())',
  '.pth': 'in Python: numpy.save("x.npy", torch.load(path, weights_only=True).cpu().numpy())',
  '.pkl': `a pickle runs code when loaded. Where it is your own file: ${fromNumpy}`,
  '.pickle': `a pickle runs code when loaded. Where it is your own file: ${fromNumpy}`,
  '.joblib': `a pickle runs code when loaded. Where it is your own file: ${fromNumpy}`,
  '.h5': 'in Python: numpy.save("x.npy", h5py.File(path)["x"][:])',
  '.hdf5': 'in Python: numpy.save("x.npy", h5py.File(path)["x"][:])',
  '.mat': 'in Python: numpy.save("x.npy", scipy.io.loadmat(path)["x"])',
  '.json': 'write one JSON object a line (.jsonl)',
  '.xlsx': 'export the sheet as CSV',
  '.xls': 'export the sheet as CSV',
  '.arrow': 'in Python: pyarrow.parquet.write_table(table, "rows.parquet")',
  '.feather': 'in Python: pandas.read_feather(path).to_parquet("rows.parquet")',
}

const known = 'IDX, npy, npz, CSV, TSV, JSONL, Parquet, or a folder of images with one sub-folder a class'

const unsupported = (path: string, what: string, hint: string) =>
  new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} ${what}`, {
    hint: `${hint}; read are: ${known}`,
    data: { path },
  })

const startsWith = (head: Uint8Array, text: string): boolean =>
  Buffer.from(head.subarray(0, text.length)).toString('latin1') === text

const arrayFormat = (head: Uint8Array): DataFormat | undefined =>
  looksLikeNpy(head)
    ? 'npy'
    : startsWith(head, 'PK\x03\x04') || startsWith(head, 'PK\x05\x06')
      ? 'npz'
      : looksLikeIdx(head)
        ? 'idx'
        : undefined

/** A format that magic bytes give away and that is never loaded. */
const refusedByContent = (head: Uint8Array): string | undefined => {
  if (startsWith(head, '\x89HDF')) return refused['.h5']
  if (startsWith(head, 'MATLAB')) return refused['.mat']
  if (head[0] === 0x80 && head[1]! >= 2 && head[1]! <= 5) return refused['.pkl']
  return undefined
}

/** A recognised file; arrays come with their (inflated) bytes, which the caller closes. */
export type Detected =
  | { readonly format: 'idx' | 'npy' | 'npz'; readonly bytes: ByteSource }
  | { readonly format: 'csv' | 'tsv' | 'jsonl' | 'parquet' }
  | { readonly format: 'image-folder' }

const head = (bytes: ByteSource) => bytes.read(0, Math.min(16, bytes.size))

const detectIn = async (path: string, bytes: ByteSource, name: string): Promise<Detected> => {
  const start = await head(bytes)
  if (start.length === 0)
    throw new BartizanError('DATA_CORRUPT', `${path} is empty`, { hint: 'check how it was written', data: { path } })
  const array = arrayFormat(start)
  if (array === 'idx' || array === 'npy' || array === 'npz') return { format: array, bytes }
  const why = refusedByContent(start)
  if (why !== undefined) throw unsupported(path, 'is in a format that is never loaded', why)
  const table = startsWith(start, 'PAR1') ? 'parquet' : tableExtensions[extname(name)]
  if (table !== undefined) {
    await bytes.close()
    return { format: table }
  }
  if (['.npy', '.npz', '.idx'].includes(extname(name)) || /-idx\d-ubyte/.test(name))
    throw new BartizanError('DATA_CORRUPT', `${path} doesn't begin as such a file does`, {
      hint: 'copy or download the file again',
      data: { path },
    })
  throw unsupported(path, 'is in no format that is read here', fromNumpy)
}

/** Tells a file's format from its first bytes, a table's from its name. Throws DATA_FORMAT_UNSUPPORTED with what to do. */
export const detect = async (path: string): Promise<Detected> => {
  const extension = extname(path).toLowerCase()
  if ((await statInput(path)).isDirectory()) return { format: 'image-folder' }
  if (refused[extension] !== undefined)
    throw unsupported(path, `is a ${extension} file, which is never loaded`, refused[extension])
  const file = await fileBytes(path)
  try {
    const start = await head(file)
    const name = basename(path).toLowerCase()
    if (start[0] !== 0x1f || start[1] !== 0x8b) return await detectIn(path, file, name)
    return await detectIn(path, await gunzippedBytes(file), name.replace(/\.gz$/, ''))
  } catch (error) {
    await file.close()
    throw error
  }
}
