import type { Content } from './content.ts'
import type { RuleId } from './rules.ts'

/** What is looked at: a file, a member of an archive, or a byte string within one. */
export interface Artefact {
  readonly content: Content
  /** Its own name, for its extension; empty where it has none. */
  readonly name: string
  /** Where it lies within the file: members of archives, one within the other. Empty for the file itself. */
  readonly trail: readonly string[]
  /** What it belongs to, where that decides what is ordinary in it. */
  readonly within?: 'torch' | 'torchscript' | 'byte string'
}

/** What a scanner may do besides reading. */
export interface ScanContext {
  /** Whether the user vouches for an import, "module.name". */
  readonly allows: (name: string) => boolean
  /** Folder of the file, as an absolute path; its parts may lie there. */
  readonly folder: string
  report(rule: RuleId, place: Place, message: string): void
  /** Something that couldn't be looked into: the file is not clean then. */
  unscanned(artefact: Artefact, reason: string): void
  /** Takes from what may still be inflated for this file. */
  spend(inflatedBytes: number): void
  /** How many bytes may be inflated at once now. */
  mayInflate(): number
  /** Looks at a part by its own content. */
  descend(artefact: Artefact): Promise<void>
}

export interface Place {
  readonly artefact: Artefact
  readonly byte?: number
  readonly line?: number
  /** What within it: a tensor, a node, a layer. */
  readonly item?: string
}

/** "archive/data.pkl, byte 12". */
export const describePlace = ({ artefact, byte, line, item }: Place): string =>
  [
    ...(artefact.trail.length > 0 ? [artefact.trail.join(' > ')] : []),
    ...(item === undefined ? [] : [item]),
    ...(line === undefined ? [] : [`line ${line}`]),
    ...(byte === undefined ? [] : [`byte ${byte}`]),
  ].join(', ')

/** A part of an artefact under a name of its own. */
export const partNamed = (
  whole: Artefact,
  name: string,
  content: Content,
  within: Artefact['within'] = whole.within,
): Artefact => ({
  content,
  name: name.slice(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1),
  trail: [...whole.trail, name],
  ...(within && { within }),
})
