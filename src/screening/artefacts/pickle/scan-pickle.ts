import { type Content, partOf } from '../content.ts'
import { type Artefact, partNamed, type ScanContext } from '../context.ts'
import { limits } from '../limits.ts'
import { rawArrayAfter } from './joblib-array.ts'
import { type Judgement, judgeCall, judgeImport, loadsBytes } from './judge-import.ts'
import { stringAt } from './literals.ts'
import { findPickles, glanceAt } from './looks-like-pickle.ts'
import { followPickle, type PickleEnd } from './machine.ts'
import { type Bytes, type Import, qualifiedName } from './values.ts'

/** What one pickle holds that has to be looked at in turn. */
interface Found {
  readonly end: PickleEnd
  readonly literals: readonly Bytes[]
  readonly persistent: number | undefined
}

const torchMagic = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e]

/** Whether the first pickle is the magic number of torch.save before 1.6: five pickles and raw storages follow. */
const isLegacyTorch = (content: Content): boolean => {
  const head = content.read(0, torchMagic.length)
  return torchMagic.every((byte, i) => head[i] === byte)
}

const mostPickles = 10_000
const mostLiterals = 1000
const shortestPickle = 12
const longestGlance = 100_000

/** Whether a byte string or a text holds a pickle that imports something, or an archive. Words must cost next to nothing. */
const isLoadable = (content: Content, { start, end }: Bytes): boolean => {
  if (end - start < shortestPickle) return false
  const head = content.read(start, Math.min(128, end - start))
  const isZip = head[0] === 0x50 && head[1] === 0x4b
  const hasProtocol = head[0] === 0x80 && head[1]! <= 5
  // Without PROTO it begins with a line that names an import, or is one of protocol 4 by hand.
  if (isZip) return true
  if (!hasProtocol && !head.includes(10) && !head.includes(0x8c)) return false
  const glance = glanceAt(partOf(content, start, end - start), 0)
  return glance.isPickle && (glance.imports || glance.holdsBytes)
}

const followOne = (artefact: Artefact, from: number, context: ScanContext, seen: Map<string, number>): Found => {
  const { content } = artefact
  const literals: Bytes[] = []
  let persistent: number | undefined
  const text = (value: unknown) => (typeof value === 'number' ? stringAt(content, value) : undefined)
  const tell = (judgement: Judgement | undefined, byte: number, key: string) => {
    if (judgement === undefined) return
    const already = seen.get(key) ?? 0
    seen.set(key, already + 1)
    if (already === 0) context.report(judgement.rule, { artefact, byte }, judgement.message)
  }
  const keep = (literal: Bytes): void => {
    if (!isLoadable(content, literal)) return
    if (literals.length < mostLiterals) literals.push(literal)
    else if (literals.length === mostLiterals) {
      literals.push(literal)
      context.unscanned(artefact, `it holds more than ${mostLiterals} pickles in byte strings`)
    }
  }
  const options = { allows: context.allows, torchscript: artefact.within === 'torchscript' }
  const end = followPickle(content, from, {
    imported: (found: Import, at) => tell(judgeImport(found, options), at, qualifiedName(found)),
    called(callee, args, at) {
      tell(
        judgeCall(callee, args, text),
        at,
        `call ${typeof callee === 'object' && callee.kind === 'import' ? callee.name : ''}`,
      )
      const loaded = loadsBytes(callee, args)
      if (loaded !== undefined && !literals.some(({ start }) => start === loaded.start)) literals.push(loaded)
    },
    changed: (target, at) =>
      tell(
        { rule: 'pickle-import-changed', message: `it sets attributes or items of ${qualifiedName(target)}` },
        at,
        `change ${qualifiedName(target)}`,
      ),
    bytes: keep,
    outside(kind, at) {
      if (kind === 'persistent id') persistent ??= at
      else tell({ rule: 'pickle-extension', message: 'it imports by a number of the extension registry' }, at, kind)
    },
    built(instance, position) {
      if (instance.of.name !== 'NumpyArrayWrapper') return position
      const raw = rawArrayAfter(content, instance, position)
      if (raw.kind === 'pickle') return followOne(artefact, position, context, seen).end.end
      checkUnskipped(artefact, position, context, seen)
      if (raw.kind === 'bytes') return Math.min(content.size, position + raw.length)
      context.unscanned(artefact, `the array at byte ${position} is of unknown length, so what follows it is uncertain`)
      return position
    },
  })
  return { end, literals, persistent }
}

/**
 * joblib steps over the bytes of an array, pickle itself reads them as instructions. Numbers break that off soon, so what
 * imports something and calls it there is no array.
 */
const checkUnskipped = (
  artefact: Artefact,
  position: number,
  context: ScanContext,
  seen: Map<string, number>,
): void => {
  const { isPickle, imports } = glanceAt(artefact.content, position, longestGlance)
  if (!isPickle || !imports) return
  context.report('pickle-hidden', { artefact, byte: position }, 'a pickle goes on where joblib would read an array')
  followOne(artefact, position, context, seen)
}

/** Looks into byte strings of a pickle that may be loaded in turn. */
const descend = async (artefact: Artefact, literals: readonly Bytes[], context: ScanContext): Promise<void> => {
  for (const { start, end } of literals) {
    const content = partOf(artefact.content, start, end - start)
    await context.descend(partNamed(artefact, `bytes at ${start}`, content, 'byte string'))
  }
}

/**
 * Inspects all pickles of a content, one after the other, with the raw arrays of joblib and the byte strings that hold
 * pickles themselves. What stands behind the last is searched.
 */
export const scanPickle = async (artefact: Artefact, context: ScanContext): Promise<void> => {
  const { content } = artefact
  const seen = new Map<string, number>()
  const isTorch = artefact.within === 'torch' || artefact.within === 'torchscript'
  const isLegacy = isLegacyTorch(content)
  let position = 0
  let persistent: number | undefined
  for (let count = 0; position < content.size && count < mostPickles; count++) {
    if (count > 0 && (isLegacy ? count >= 5 : !beginsAt(content, position))) break
    const found = followOne(artefact, position, context, seen)
    persistent ??= found.persistent
    await descend(artefact, found.literals, context)
    if (found.end.broken !== undefined)
      context.report('pickle-broken', { artefact, byte: found.end.end }, `loading it would fail: ${found.end.broken}`)
    position = Math.max(found.end.end, position + 1)
    if (!found.end.stopped) break
  }
  if (persistent !== undefined && !isTorch && !isLegacy)
    context.report('pickle-persistent-id', { artefact, byte: persistent }, 'it refers to objects outside the pickle')
  searchRest(artefact, position, context, isTorch || isLegacy)
}

const beginsAt = (content: Content, at: number): boolean => {
  const glance = glanceAt(content, at)
  return glance.isPickle || (content.read(at, 1)[0] === 0x80 && glance.imports)
}

const searchRest = (artefact: Artefact, from: number, context: ScanContext, isTorch: boolean): void => {
  const { content } = artefact
  if (from >= content.size) return
  if (!isTorch)
    context.report(
      'pickle-trailing-data',
      { artefact, byte: from },
      `${content.size - from} bytes follow the end of the pickle`,
    )
  const { places, complete } = findPickles(content, from, from + limits.search, 20)
  const seen = new Map<string, number>()
  for (const at of places) {
    context.report('pickle-hidden', { artefact, byte: at }, 'another pickle begins within the data after the end')
    followOne(artefact, at, context, seen)
  }
  if (!complete && !isTorch) context.unscanned(artefact, 'the data after the end of the pickle are too many to search')
}
