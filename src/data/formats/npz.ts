import { crc32 } from 'node:zlib'
import { BartizanError } from '../../base/errors.ts'
import { nearest } from '../../base/registry.ts'
import { type ByteSource, fileBytes } from '../bytes.ts'
import type { Source } from '../source.ts'
import { arraySource } from './array-source.ts'
import { type NpyArray, wholeArray } from './npy.ts'
import { readNpyHeader } from './npy-header.ts'
import { readZipDirectory, type ZipMember, zipMemberBytes } from './zip.ts'

const suffix = '.npy'

/** The arrays of an npz archive by name, without `.npy`. */
const arraysIn = async (path: string, bytes: ByteSource): Promise<ReadonlyMap<string, ZipMember>> => {
  const members = await readZipDirectory(bytes)
  if ([...members.keys()].some((name) => name.endsWith('data.pkl')))
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} is a PyTorch file (a pickle in a zip), never loaded`, {
      hint: 'save the tensor with numpy.save(path, tensor.cpu().numpy())',
      data: { path },
    })
  const arrays = new Map([...members].filter(([name]) => name.endsWith(suffix)))
  if (arrays.size === 0)
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} is a zip archive without arrays`, {
      hint: 'unpack it, or write the arrays with numpy.savez',
      data: { path, members: [...members.keys()].slice(0, 20) },
    })
  return new Map([...arrays].map(([name, member]) => [name.slice(0, -suffix.length), member]))
}

/** Names of the arrays in an npz file. */
export const npzNames = async (path: string): Promise<readonly string[]> => {
  const bytes = await fileBytes(path)
  try {
    return [...(await arraysIn(path, bytes)).keys()]
  } finally {
    await bytes.close()
  }
}

const choose = (path: string, arrays: ReadonlyMap<string, ZipMember>, wanted: string | undefined): string => {
  const names = [...arrays.keys()]
  if (wanted === undefined && names.length === 1) return names[0]!
  if (wanted === undefined && arrays.has('x')) return 'x'
  if (wanted !== undefined && arrays.has(wanted)) return wanted
  const list = names.slice(0, 20).join(', ')
  if (wanted === undefined)
    throw new BartizanError('CONFIG_INVALID', `${path} holds several arrays: ${list}`, {
      hint: `name one after a #, for example ${path}#${names[0]}`,
      data: { path, names },
    })
  const near = nearest(wanted, names)
  throw new BartizanError('CONFIG_INVALID', `${path} holds no array "${wanted}", only ${list}`, {
    hint: near === undefined ? 'name one of these' : `did you mean "${near}"?`,
    data: { path, names, near },
  })
}

/** One array of an npz (NumPy savez or savez_compressed): `member`, else the only one, else the one named x. */
export const openNpz = async (path: string, bytes: ByteSource, member?: string): Promise<Source> => {
  const arrays = await arraysIn(path, bytes)
  const name = choose(path, arrays, member)
  const content = await zipMemberBytes(bytes, arrays.get(name)!)
  const label = `${path}#${name}`
  return { ...arraySource('npz', label, content, await readNpyHeader(label, content)), path }
}

/** Reads every array of an npz file, each at most 2 GiB; checksums are verified. */
export const readNpz = async (path: string): Promise<Readonly<Record<string, NpyArray>>> => {
  const bytes = await fileBytes(path)
  try {
    const arrays: [string, NpyArray][] = []
    for (const [name, member] of await arraysIn(path, bytes)) {
      const content = await zipMemberBytes(bytes, member)
      if (member.method === 0 && crc32(await content.read(0, content.size)) !== member.crc)
        throw new BartizanError('DATA_CORRUPT', `${path}: the checksum of "${name}" doesn't match its content`, {
          hint: 'copy or download the file again',
          data: { path, member: name },
        })
      arrays.push([name, await wholeArray(`${path}#${name}`, content)])
    }
    return Object.fromEntries(arrays)
  } finally {
    await bytes.close()
  }
}
