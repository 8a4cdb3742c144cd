import { BartizanError } from '../../base/errors.ts'
import { detect } from '../../data/detect.ts'
import { openIdx } from '../../data/formats/idx.ts'
import { openNpy } from '../../data/formats/npy.ts'
import { openNpz } from '../../data/formats/npz.ts'
import { splitPart } from '../../data/open.ts'
import { inspectArray } from './array.ts'
import { inspectFolder } from './folder.ts'
import type { ImageFacts } from './image-facts.ts'
import type { ImageCheckOptions } from './options.ts'

/** Every image of a folder (with its sub-folders) or of an IDX, npy or npz array. */
export const inspectImages = async (path: string, options: ImageCheckOptions): Promise<readonly ImageFacts[]> => {
  const { file, part } = await splitPart(path)
  const found = await detect(file)
  if (found.format === 'image-folder') return inspectFolder(file, options)
  if (!('bytes' in found))
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', `${path} is a table, not images`, {
      hint: 'images are a folder of files, or an IDX, npy or npz array; tables: bartizan data compare',
      data: { path, format: found.format },
    })
  try {
    const open = {
      idx: openIdx,
      npy: openNpy,
      npz: (at: string, bytes: typeof found.bytes) => openNpz(at, bytes, part),
    }
    const source = await open[found.format](file, found.bytes)
    return await inspectArray(source, options)
  } finally {
    await found.bytes.close()
  }
}
