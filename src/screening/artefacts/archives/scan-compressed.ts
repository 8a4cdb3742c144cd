import { afterZeros, bytesContent, type Content, hasAt, partOf } from '../content.ts'
import { type Artefact, partNamed, type ScanContext } from '../context.ts'
import { limits } from '../limits.ts'
import { inflate } from './inflate.ts'
import { type Unpacked, unpack } from './unpack/unpack.ts'

export type CompressedFormat = 'gzip' | 'zlib' | 'bzip2' | 'xz' | 'lzma' | 'lz4' | 'zstandard'

/** Endings that a packer appends; the name below them says what the packed file is. */
const endings = /\.(?:gz|gzip|z|bz2|xz|lzma|lz4|zst|zstd)$/i
const tarEndings = /\.(?:tgz|tbz2?|txz|tlz|tzst)$/i

const nameWithin = (name: string): string => name.replace(endings, '').replace(tarEndings, '.tar')

/** Where the compressed data begin: joblib before 0.10 put "ZF" and a length before them. */
const startOf = (content: Content): number => {
  if (!hasAt(content, 0, 'ZF')) return 0
  return [...content.read(0, 64)].findIndex(
    (byte, i, all) => byte === 0x78 && ((byte << 8) + (all[i + 1] ?? 0)) % 31 === 0,
  )
}

/** What follows the end of the stream: joblib goes on with a second one. Zeros are padding. */
const scanRest = async (artefact: Artefact, packed: Content, used: number, context: ScanContext): Promise<void> => {
  const rest = afterZeros(packed, used)
  if (rest === undefined) return
  await context.descend(partNamed(artefact, `bytes at ${rest}`, partOf(packed, rest, packed.size)))
}

const unpackAs = (format: CompressedFormat, packed: Content, limit: number): Promise<Unpacked> =>
  format === 'gzip' || format === 'zlib' ? inflate(packed, format, limit) : unpack(packed, format, limit)

/** A compressed file: what it unpacks to is looked at by its own content, up to a limit. */
export const scanCompressed =
  (format: CompressedFormat) =>
  async (artefact: Artefact, context: ScanContext): Promise<void> => {
    const packed = partOf(artefact.content, Math.max(0, startOf(artefact.content)), artefact.content.size)
    const limit = context.mayInflate()
    const { bytes, used, limited, error } = await unpackAs(format, packed, limit)
    context.spend(bytes.length)
    if (limited) {
      context.unscanned(artefact, `only its first ${limit} inflated bytes were inspected`)
      if (bytes.length / packed.size > limits.bombRatio)
        context.report('archive-bomb', { artefact }, `${packed.size} bytes inflate to more than ${limit}`)
    }
    if (error !== undefined) context.unscanned(artefact, `it can’t be inflated whole: ${error}`)
    if (!limited) await scanRest(artefact, packed, used, context)
    if (bytes.length === 0) return
    await context.descend({
      ...artefact,
      name: nameWithin(artefact.name),
      content: bytesContent(bytes),
      trail: [...artefact.trail, format],
    })
  }
