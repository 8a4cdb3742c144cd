import { detect } from '../../../data/detect.ts'
import type { DataKind } from './fitting.ts'

/** What a path holds. Throws DATA_FORMAT_UNSUPPORTED, DATA_CORRUPT, FILE_NOT_FOUND, FILE_UNREADABLE. */
export const dataKind = async (path: string): Promise<DataKind> => {
  const found = await detect(path)
  if (!('bytes' in found)) return found.format === 'image-folder' ? 'images' : 'table'
  await found.bytes.close()
  return 'arrays'
}
