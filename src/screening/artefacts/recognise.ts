import { isTarHeader } from './archives/tar-entries.ts'
import { isLzmaAlone } from './archives/unpack/lzma-alone.ts'
import { afterSkippable } from './archives/unpack/skippable.ts'
import { findZipEnd, readZipDirectory } from './archives/zip-members.ts'
import { type Content, hasAt, latin1 } from './content.ts'
import { findHdf5 } from './formats/hdf5.ts'
import { protobufKind } from './formats/protobuf.ts'
import { safetensorsHeader } from './formats/safetensors.ts'
import { isText } from './formats/text.ts'
import { beginsWithPickle, glanceAt } from './pickle/looks-like-pickle.ts'

export type Format =
  | 'empty'
  | 'pickle'
  | 'zip'
  | 'tar'
  | 'gzip'
  | 'zlib'
  | 'npy'
  | 'hdf5'
  | 'safetensors'
  | 'onnx'
  | 'saved model'
  | 'graph'
  | 'gguf'
  | 'text'
  | 'native code'
  | 'picture'
  | 'table'
  | 'bzip2'
  | 'xz'
  | 'lzma'
  | 'lz4'
  | 'zstandard'
  | '7z'
  | 'rar'
  | 'unknown'

/** First bytes that leave no doubt, as Latin-1. */
const signatures: readonly (readonly [string, Format])[] = [
  ['PK\x03\x04', 'zip'],
  ['PK\x05\x06', 'zip'],
  ['\x1f\x8b\x08', 'gzip'],
  ['\x93NUMPY', 'npy'],
  ['\x89HDF\r\n\x1a\n', 'hdf5'],
  ['GGUF', 'gguf'],
  ['7z\xbc\xaf\x27\x1c', '7z'],
  ['Rar!\x1a\x07', 'rar'],
  ['\xfd7zXZ\0', 'xz'],
  ['\x04\x22\x4d\x18', 'lz4'],
  ['\x02\x21\x4c\x18', 'lz4'],
  ['\x28\xb5\x2f\xfd', 'zstandard'],
  ['\x7fELF', 'native code'],
  ['\xcf\xfa\xed\xfe', 'native code'],
  ['\xca\xfe\xba\xbe', 'native code'],
  ['\x89PNG\r\n\x1a\n', 'picture'],
  ['\xff\xd8\xff', 'picture'],
  ['GIF8', 'picture'],
  ['PAR1', 'table'],
  ['ARROW1', 'table'],
]

/** First bytes that raw numbers may have by chance. */
const weakSignatures: readonly (readonly [RegExp, Format])[] = [
  [/^BZh[1-9](?:1AY&SY|\WrE8P\W)/, 'bzip2'],
  [/^MZ[\s\S]{56}/, 'native code'],
  [/^ZF0x/, 'zlib'],
]

/** What follows frames to be skipped, with which both Zstandard and LZ4 files may begin. */
const afterFrames = (content: Content): Format | undefined => {
  const at = afterSkippable(content)
  if (at === 0) return undefined
  return hasAt(content, at, '\x04\x22\x4d\x18') ? 'lz4' : 'zstandard'
}

const isZlib = (head: Uint8Array): boolean =>
  head.length > 6 && head[0] === 0x78 && ((head[0] << 8) + head[1]!) % 31 === 0 && (head[1]! & 0x20) === 0

/** Whether a zip archive ends exactly where the content does, whatever stands before it. */
const endsAsZip = (content: Content): boolean => {
  const end = findZipEnd(content)
  if (end === undefined) return false
  const tail = content.read(end, 22)
  if (end + 22 + tail[20]! + tail[21]! * 256 !== content.size) return false
  try {
    return readZipDirectory(content).members.length > 0
  } catch {
    return false
  }
}

/**
 * The format of a content by its bytes; its name is not asked. `isRaw` is for data that are expected to be bare numbers:
 * then only what is beyond doubt is taken for something else.
 */
export const recognise = (content: Content, isRaw = false): Format => {
  if (content.size === 0) return 'empty'
  const head = content.read(0, 64)
  const start = latin1(head)
  const sure = signatures.find(([signature]) => start.startsWith(signature))?.[1]
  if (sure !== undefined) return sure
  const framed = afterFrames(content)
  if (framed !== undefined) return framed
  if (isRaw) {
    if (head[0] !== 0x80 && head[0] !== 0x63 && head[0] !== 0x28) return 'unknown'
    const glance = glanceAt(content, 0)
    return glance.isPickle && glance.imports ? 'pickle' : 'unknown'
  }
  if (isTarHeader(content, 0)) return 'tar'
  if (beginsWithPickle(content)) return 'pickle'
  if (safetensorsHeader(content) !== undefined) return 'safetensors'
  if (isText(content)) return endsAsZip(content) ? 'zip' : 'text'
  const weak = weakSignatures.find(([signature]) => signature.test(start))?.[1]
  if (weak !== undefined) return weak
  if (isLzmaAlone(head)) return 'lzma'
  if (isZlib(head)) return 'zlib'
  if (findHdf5(content) !== undefined) return 'hdf5'
  if (endsAsZip(content)) return 'zip'
  return protobufKind(content) ?? 'unknown'
}

/**
 * A second format that a content has besides the one it begins with; ordinary files have none. Bare numbers may begin as
 * a pickle by chance: `recognise` has asked more of them.
 */
export const secondFormat = (content: Content, first: Format, isRaw = false): Format | undefined => {
  if (!isRaw && first !== 'pickle' && first !== 'text' && beginsWithPickle(content)) return 'pickle'
  if (first !== 'zip' && endsAsZip(content)) return 'zip'
  // Members of archives may begin where a superblock may stand.
  if (first !== 'hdf5' && first !== 'zip' && first !== 'tar' && findHdf5(content) !== undefined) return 'hdf5'
  return undefined
}
