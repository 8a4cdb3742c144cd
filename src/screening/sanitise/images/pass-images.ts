import { mkdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, sep } from 'node:path'
import { BartizanError } from '../../../base/errors.ts'
import { writeError } from '../../../base/system-error.ts'
import { writeAtomically } from '../../../data/atomic-file.ts'
import { readError, statInput } from '../../../data/files.ts'
import { imageFiles } from '../../../data/formats/image-folder.ts'
import type { Policy } from '../policy/policy.ts'
import type { Tally } from '../tally.ts'
import { type CleanImage, cleanImage } from './clean-image.ts'
import { reencoded } from './reencode.ts'

const mostBytes = 2 ** 28

export interface ImageOptions {
  readonly policy: Policy
  readonly tally: Tally
  /** Decode and write anew instead of leaving parts out. */
  readonly reencode: boolean
  /** Throws where the input changed meanwhile; called before anything appears at its place. */
  readonly settled: () => Promise<void>
}

const readImage = async (path: string): Promise<Uint8Array> => {
  const { size } = await statInput(path)
  if (size > mostBytes)
    throw new BartizanError('DATA_CORRUPT', `${path} has ${size} bytes; an image has at most ${mostBytes}`, {
      data: { path },
    })
  return readFile(path).catch(async (error: unknown) => {
    throw await readError(path, error)
  })
}

/** One image, counted as a row of one cell. Gives its bytes; nothing where the image is dropped. */
const passOne = async (
  path: string,
  row: number,
  name: string,
  options: ImageOptions,
): Promise<Uint8Array | undefined> => {
  const { policy, tally, reencode } = options
  const bytes = await readImage(path)
  const clean: CleanImage = cleanImage(bytes, path, (kind) => policy.actions[kind])
  const written = reencode && !clean.drop ? await reencoded(clean.bytes, clean.format, path) : clean.bytes
  const changed = Buffer.compare(written, bytes) !== 0
  tally.cell()
  tally.hits({ row, column: name }, clean.hits)
  if (changed && !clean.drop) tally.cellChanged()
  tally.row({ dropped: clean.drop, changed })
  return clean.drop ? undefined : written
}

/** One image file. `out` undefined: only looks. A dropped image leaves no file. */
export const passImage = async (path: string, out: string | undefined, options: ImageOptions): Promise<boolean> => {
  const written = await passOne(path, 0, basename(path), options)
  await options.settled()
  if (written !== undefined && out !== undefined) await writeAtomically(out, (file) => file.write(written))
  return written !== undefined
}

/** Every image of a folder into a new folder of the same layout, which appears whole or not at all. */
export const passImageFolder = async (path: string, out: string | undefined, options: ImageOptions): Promise<void> => {
  if (out !== undefined && (await stat(out).catch(() => undefined)) !== undefined)
    throw new BartizanError('RUN_CONFLICT', `${out} is there already`, {
      hint: 'name a folder that is new, or remove that one',
      data: { path: out },
    })
  const temporary = out === undefined ? undefined : `${out}.${process.pid}.tmp`
  try {
    let row = 0
    const files = await imageFiles(path)
    if (files.length === 0)
      throw new BartizanError('DATA_CORRUPT', `${path} holds no images`, {
        hint: 'name a table or a text by its file, or a folder with images in it',
        data: { path },
      })
    for (const file of files) {
      const name = relative(path, file).split(sep).join('/')
      const written = await passOne(file, row++, name, options)
      if (temporary === undefined || written === undefined) continue
      const target = join(temporary, name)
      await mkdir(dirname(target), { recursive: true })
      await writeAtomically(target, (image) => image.write(written))
    }
    await options.settled()
    if (temporary !== undefined && out !== undefined) {
      await mkdir(temporary, { recursive: true })
      await rename(temporary, out)
    }
  } catch (error) {
    throw out === undefined ? error : writeError(out, error)
  } finally {
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
  }
}
