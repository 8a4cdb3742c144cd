import { afterZeros, partOf } from '../content.ts'
import { type Artefact, partNamed, type ScanContext } from '../context.ts'
import { escapes, linkEscapes } from './member-name.ts'
import { readTar, type TarEntry } from './tar-entries.ts'

/** Members of the tar files that torch.save wrote before 2017. */
const legacyTorch = new Set(['pickle', 'storages', 'tensors', 'sys_info'])

const checkLink = (artefact: Artefact, { name, link, type }: TarEntry, context: ScanContext): void => {
  // A hard link is relative to the root of the archive, a symbolic one to its own folder.
  const outside = type === '1' ? escapes(link) !== undefined : linkEscapes(name, link)
  const what = type === '1' ? 'a hard link' : 'a symbolic link'
  context.report(
    outside ? 'archive-link-outside' : 'archive-link',
    { artefact, item: name },
    `it is ${what} to "${link}"`,
  )
}

/** Checks a tar archive and looks into its members. */
export const scanTar = async (artefact: Artefact, context: ScanContext): Promise<void> => {
  const { entries, end, broken } = readTar(artefact.content)
  if (broken !== undefined) context.unscanned(artefact, broken)
  const names = new Set<string>()
  const isTorch = [...legacyTorch].every((name) => entries.some((entry) => entry.name.endsWith(name)))
  for (const entry of entries) {
    const { name, type, size, start } = entry
    const place = { artefact, item: name }
    const why = escapes(name)
    if (why !== undefined) context.report('archive-path-traversal', place, why)
    if (names.has(name)) context.report('archive-duplicate-name', place, `"${name}" is there twice`)
    names.add(name)
    if (type === '1' || type === '2') checkLink(artefact, entry, context)
    else if (type === '3' || type === '4' || type === '6')
      context.report('archive-device', place, type === '6' ? 'it is a pipe' : 'it is a device')
    if (start + size > artefact.content.size)
      context.unscanned(partNamed(artefact, name, artefact.content), 'it is cut off')
    if (size > 0 && type !== '1' && type !== '2' && type !== '5')
      await context.descend(
        partNamed(artefact, name, partOf(artefact.content, start, size), isTorch ? 'torch' : undefined),
      )
  }
  const rest = afterZeros(artefact.content, end)
  if (rest === undefined) return
  if (broken === undefined)
    context.report('archive-hidden-member', { artefact, byte: rest }, 'data follow the end mark of the archive')
  await context.descend(partNamed(artefact, `bytes at ${rest}`, partOf(artefact.content, rest, artefact.content.size)))
}
