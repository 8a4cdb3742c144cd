import { isBartizanError } from '../../../base/errors.ts'
import { type Content, partOf } from '../content.ts'
import { type Artefact, partNamed, type ScanContext } from '../context.ts'
import { isPlainArray } from '../formats/npy-header.ts'
import { limits } from '../limits.ts'
import { findPickles } from '../pickle/looks-like-pickle.ts'
import { inflate } from './inflate.ts'
import { escapes, linkEscapes } from './member-name.ts'
import { type LocalHeader, type MemberData, memberData, readLocalHeader } from './zip-data.ts'
import { type Gap, gapsOf, headersIn, overlapOf, type Placed } from './zip-layout.ts'
import { readZipDirectory, type ZipDirectory, type ZipMember } from './zip-members.ts'

const endRecordSize = 22
const typeMask = 0o170000
const kinds = { link: 0o120000, file: 0o100000, folder: 0o040000 } as const

/** What is ordinary in the members, from the names that torch.save and torch.jit.save give. */
const kindOf = (names: readonly string[]): Artefact['within'] => {
  if (!names.some((name) => /(?:^|\/)data\.pkl$/.test(name))) return undefined
  return names.some((name) => /(?:^|\/)(?:constants\.pkl$|code\/)/.test(name)) ? 'torchscript' : 'torch'
}

/** Checks a zip archive and looks into its members, those too that its directory hides. */
export const scanZip = async (artefact: Artefact, context: ScanContext): Promise<void> => {
  const directory = directoryOf(artefact, context)
  if (directory === undefined) return scanHeaders(artefact, context)
  const { members, shift, start, end, oddities } = directory
  const within = kindOf(members.map(({ name }) => name)) ?? artefact.within
  for (const oddity of oddities) context.report('archive-inconsistent', { artefact }, oddity)
  if (members.length > limits.members) context.unscanned(artefact, `it has more than ${limits.members} members`)
  checkDuplicates(artefact, members, context)
  const placed: Placed[] = []
  for (const member of members.slice(0, limits.members)) {
    const local = localOf(artefact, member, shift, context)
    if (local !== undefined)
      placed.push({ member, local, at: member.offset + shift, end: local.start + member.packedSize })
  }
  const overlap = overlapOf(placed)
  if (overlap !== undefined)
    context.report(
      'archive-bomb',
      { artefact, item: overlap[1].member.name },
      `it shares its bytes with "${overlap[0].member.name}", so the archive inflates to more than it holds`,
    )
  const isBomb = checkRatio(artefact, members, context) || overlap !== undefined
  for (const one of placed) await scanMember(artefact, one, within, isBomb, context)
  const gaps = [...gapsOf(placed, start), { start: end + endRecordSize, end: artefact.content.size }]
  await scanGaps(artefact, gaps, within, context)
}

const directoryOf = (artefact: Artefact, context: ScanContext): ZipDirectory | undefined => {
  try {
    return readZipDirectory(artefact.content)
  } catch (error) {
    if (!isBartizanError(error)) throw error
    context.report('archive-inconsistent', { artefact }, error.message)
    return undefined
  }
}

const checkDuplicates = (artefact: Artefact, members: readonly ZipMember[], context: ScanContext): void => {
  const names = new Set<string>()
  for (const { name } of members) {
    const key = name.toLowerCase()
    if (names.has(key))
      context.report('archive-duplicate-name', { artefact, item: name }, `"${name}" is there twice, letter case aside`)
    names.add(key)
  }
}

const localOf = (
  artefact: Artefact,
  member: ZipMember,
  shift: number,
  context: ScanContext,
): LocalHeader | undefined => {
  const place = { artefact, item: member.name }
  try {
    const local = readLocalHeader(artefact.content, member.offset + shift)
    const sizesDiffer =
      (local.flags & 8) === 0 && local.packedSize !== 0xffffffff && local.packedSize !== member.packedSize
    if (local.name !== member.name)
      context.report('archive-inconsistent', place, `the member itself is called "${local.name}"`)
    if (local.method !== member.method || ((local.flags ^ member.flags) & 1) === 1 || sizesDiffer)
      context.report('archive-inconsistent', place, 'the member’s own header gives another method, flag or size')
    return local
  } catch (error) {
    if (!isBartizanError(error)) throw error
    context.report('archive-inconsistent', place, error.message)
    context.unscanned({ ...artefact, trail: [...artefact.trail, member.name] }, error.message)
    return undefined
  }
}

/** Whether the archive declares to inflate to an implausible size; it is reported then. */
const checkRatio = (artefact: Artefact, members: readonly ZipMember[], context: ScanContext): boolean => {
  const declared = members.reduce((sum, { size }) => sum + size, 0)
  const ratio = declared / Math.max(1, artefact.content.size)
  if (declared < limits.bombSize || ratio < limits.bombRatio) return false
  context.report(
    'archive-bomb',
    { artefact },
    `${artefact.content.size} bytes declare to inflate to ${declared}, ${Math.round(ratio)} times as much`,
  )
  return true
}

const checkMember = (artefact: Artefact, { name, mode, flags }: ZipMember, context: ScanContext): void => {
  const place = { artefact, item: name }
  const why = escapes(name)
  if (why !== undefined) context.report('archive-path-traversal', place, why)
  const type = mode & typeMask
  if (type !== 0 && type !== kinds.link && type !== kinds.file && type !== kinds.folder)
    context.report('archive-device', place, 'its mode says that it is no file, folder or link')
  if ((flags & 1) === 1) context.report('archive-encrypted', place, 'its flags say that it is encrypted')
}

const scanMember = async (
  artefact: Artefact,
  { member, local }: Placed,
  within: Artefact['within'],
  isBomb: boolean,
  context: ScanContext,
): Promise<void> => {
  checkMember(artefact, member, context)
  const place = { artefact, item: member.name }
  const named = { ...artefact, trail: [...artefact.trail, member.name] }
  // The larger of both sizes: a loader may believe either.
  const packedSize = Math.max(member.packedSize, local.packedSize === 0xffffffff ? 0 : local.packedSize)
  if (packedSize === 0) return
  if (await isPlainPackedArray(artefact.content, packedSize, local)) return
  const limit = Math.min(isBomb ? 2 ** 20 : Number.POSITIVE_INFINITY, context.mayInflate())
  const data = await memberData(artefact.content, { ...member, packedSize }, local, limit)
  if (data === undefined) return context.unscanned(named, `it is packed by method ${local.method}, which isn’t read`)
  context.spend(data.inflated)
  if ((member.mode & typeMask) === kinds.link) return checkLink(place, data.content, context)
  checkData(named, place, member, data, limit, context)
  await context.descend(partNamed(artefact, member.name, data.content, within))
}

/** Compressed numbers need no inflating: nothing in them can run, and their header says that they are numbers. */
const isPlainPackedArray = async (content: Content, packedSize: number, local: LocalHeader): Promise<boolean> => {
  if (local.method !== 8 || packedSize < 2 ** 16) return false
  const { bytes } = await inflate(partOf(content, local.start, packedSize), 'raw', 2 ** 14)
  return isPlainArray(bytes)
}

const checkLink = (place: { artefact: Artefact; item: string }, content: Content, context: ScanContext): void => {
  const target = Buffer.from(content.read(0, 4096)).toString('utf8')
  const outside = linkEscapes(place.item, target)
  context.report(outside ? 'archive-link-outside' : 'archive-link', place, `it is a link to "${target}"`)
}

const checkData = (
  named: Artefact,
  place: { artefact: Artefact; item: string },
  { size, flags }: ZipMember,
  { limited, checksum, error }: MemberData,
  limit: number,
  context: ScanContext,
): void => {
  if (limited && size <= limit)
    context.report('archive-bomb', place, `it declares ${size} bytes and inflates to more than ${limit}`)
  if (limited) context.unscanned(named, `only its first ${limit} inflated bytes were inspected`)
  if (error !== undefined) {
    context.report('archive-checksum', place, `it can’t be inflated whole: ${error}`)
    context.unscanned(named, `it can’t be inflated whole: ${error}`)
  }
  if (checksum === 'wrong') {
    context.report('archive-checksum', place, 'its CRC-32 is not that of its data')
    if ((flags & 1) === 1) context.unscanned(named, 'it is encrypted')
  }
}

/** Members between the listed ones, and pickles before, between and behind them: in the comment, or after it. */
const scanGaps = async (
  artefact: Artefact,
  gaps: readonly Gap[],
  within: Artefact['within'],
  context: ScanContext,
): Promise<void> => {
  for (const gap of gaps) {
    if (gap.end - gap.start < 16) continue
    for (const at of headersIn(artefact.content, gap, 100)) await scanHidden(artefact, at, within, context)
    const { places } = findPickles(artefact.content, gap.start, Math.min(gap.end, gap.start + limits.search), 10)
    for (const at of places) {
      context.report('pickle-hidden', { artefact, byte: at }, 'a pickle lies between the members of the archive')
      const content = partOf(artefact.content, at, gap.end - at)
      await context.descend(partNamed(artefact, `bytes at ${at}`, content))
    }
  }
}

const scanHidden = async (
  artefact: Artefact,
  at: number,
  within: Artefact['within'],
  context: ScanContext,
): Promise<void> => {
  try {
    const local = readLocalHeader(artefact.content, at)
    context.report('archive-hidden-member', { artefact, byte: at }, `"${local.name}" is not in the directory`)
    const rest = artefact.content.size - local.start
    const packedSize = local.packedSize > 0 && local.packedSize <= rest ? local.packedSize : rest
    const member = { ...local, packedSize, crc: 0, offset: at, mode: 0 }
    const data = await memberData(artefact.content, member, local, context.mayInflate())
    context.spend(data?.inflated ?? 0)
    if (data !== undefined) await context.descend(partNamed(artefact, local.name, data.content, within))
  } catch (error) {
    if (!isBartizanError(error)) throw error
  }
}

/** Without a directory the members are found by their own headers. */
const scanHeaders = async (artefact: Artefact, context: ScanContext): Promise<void> => {
  const places = headersIn(artefact.content, { start: 0, end: artefact.content.size }, 1000)
  for (const at of places) await scanHidden(artefact, at, artefact.within, context)
  context.unscanned(artefact, 'the archive has no directory; members were sought by their headers')
}
