import { extname, join } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { listFolder, statInput } from '../files.ts'
import { classLookup, sortedClasses } from '../labels.ts'
import { placeInShape, type Source } from '../source.ts'
import { decodeImage, type ImageLayout, imageShape } from './image.ts'

export interface ImageFolderOptions {
  /** Order of the axes of one row: channels first (default) or last. */
  readonly layout?: ImageLayout
  /** Folder names in the model's order; all folders, sorted, where they are left out. */
  readonly classes?: readonly string[]
}

interface Entry {
  readonly file: string
  readonly label: number
}

const extensions = ['.png', '.jpg', '.jpeg', '.webp']
/** What operating systems leave behind. */
const litter = /^(\..*|thumbs\.db|desktop\.ini)$/i
/** Images decoded at the same time. */
const parallel = 4

interface Listing {
  readonly folders: readonly string[]
  readonly images: readonly string[]
}

/** Sub-folders and images, each sorted; anything else is refused rather than left out in silence. */
const list = async (path: string): Promise<Listing> => {
  const folders: string[] = []
  const images: string[] = []
  for (const entry of await listFolder(path)) {
    if (litter.test(entry.name)) continue
    const isFolder = entry.isSymbolicLink()
      ? (await statInput(join(path, entry.name))).isDirectory()
      : entry.isDirectory()
    if (isFolder) folders.push(entry.name)
    else if (extensions.includes(extname(entry.name).toLowerCase())) images.push(entry.name)
    else
      throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${join(path, entry.name)} isn't a PNG, JPEG or WebP image`, {
        hint: 'convert it, or move it out of the image folder',
        data: { path: join(path, entry.name) },
      })
  }
  return { folders: [...sortedClasses(folders)], images: images.sort() }
}

const misplaced = (path: string, what: string) =>
  new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} ${what}`, {
    hint: 'an image folder holds one sub-folder a class with images in it, or images alone',
    data: { path },
  })

/** Every image in the order of classes and names. */
const entriesOf = async (path: string, { folders, images }: Listing, lookup?: ReturnType<typeof classLookup>) => {
  if (folders.length > 0 && images.length > 0)
    throw misplaced(path, `holds images (${images[0]}) beside folders (${folders[0]})`)
  if (lookup === undefined) return images.map((name): Entry => ({ file: join(path, name), label: -1 }))
  const entries: Entry[] = []
  for (const folder of folders) {
    const inside = await list(join(path, folder))
    if (inside.folders.length > 0) throw misplaced(join(path, folder), `holds a folder (${inside.folders[0]})`)
    const label = lookup(folder, entries.length)
    for (const name of inside.images) entries.push({ file: join(path, folder, name), label })
  }
  return entries
}

/**
 * PNG, JPEG and WebP images as bytes 0 to 255, one sub-folder a class (or one folder of images without labels). Classes
 * are the folder names in sorted order, as torchvision's ImageFolder has them. Every image must have the size and the
 * number of channels of the first: nothing is resized, since that would change what is measured.
 */
export const openImageFolder = async (
  path: string,
  { layout = 'nchw', classes }: ImageFolderOptions,
): Promise<Source> => {
  const listing = await list(path)
  const labelled = listing.folders.length > 0
  const names = labelled ? (classes ?? listing.folders) : undefined
  const entries = await entriesOf(path, listing, names && classLookup(path, names))
  if (entries.length === 0)
    throw new BartizanError('DATA_CORRUPT', `${path} holds no images`, {
      hint: `images end in ${extensions.join(', ')}`,
      data: { path },
    })
  const shape = await imageShape(entries[0]!.file, layout)
  const size = shape.reduce((product, side) => product * side, 1)
  return {
    path,
    format: 'image-folder',
    rows: entries.length,
    shape,
    dtype: 'uint8',
    classes: names,
    hasLabels: labelled,
    async read(from, to) {
      const x = new Uint8Array((to - from) * size)
      for (let start = from; start < to; start += parallel)
        await Promise.all(
          entries.slice(start, Math.min(start + parallel, to)).map(async ({ file }, i) => {
            x.set(await decodeImage(file, layout, shape, entries[0]!.file), (start - from + i) * size)
          }),
        )
      return { x, y: labelled ? Int32Array.from(entries.slice(from, to), ({ label }) => label) : undefined }
    },
    place: (row, index) => `${placeInShape(row, index, shape)} (${entries[row]?.file})`,
    close: async () => undefined,
  }
}

/** Every image file of a folder, in the order of its rows. */
export const imageFiles = async (path: string): Promise<readonly string[]> => {
  const listing = await list(path)
  const lookup = listing.folders.length > 0 ? classLookup(path, listing.folders) : undefined
  return (await entriesOf(path, listing, lookup)).map(({ file }) => file)
}
