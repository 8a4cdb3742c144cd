import { BartizanError } from '../../../base/errors.ts'
import { nearest } from '../../../base/registry.ts'
import { isPiiKind, type SanitisedKind, sanitisedKinds } from '../kind.ts'

/** What is done to a finding. `ignore`: it isn't looked for. */
export const actionNames = [
  'report',
  'ignore',
  'drop',
  'remove',
  'mask',
  'hash',
  'token',
  'generalise',
  'fake',
  'neutralise',
] as const
export type ActionName = (typeof actionNames)[number]

export interface Action {
  readonly name: ActionName
  /** Letters and digits that a mask leaves at the end. */
  readonly keep?: number
}

/** Actions that turn a value into another one; they make sense for personal data only. */
const ofValues: ReadonlySet<ActionName> = new Set(['mask', 'hash', 'token', 'generalise', 'fake'])
/** Actions that need a key file. */
export const keyedActions: ReadonlySet<ActionName> = new Set(['hash', 'token', 'fake'])
/** Actions that leave the data as they are. */
export const passiveActions: ReadonlySet<ActionName> = new Set(['report', 'ignore'])

const isActionName = (name: string): name is ActionName => actionNames.some((known) => known === name)
export const isSanitisedKind = (kind: string): kind is SanitisedKind => sanitisedKinds.some((known) => known === kind)

/** "did you mean …", or the whole list. */
export const meant = (typed: string, known: readonly string[]): string => {
  const near = nearest(typed, known)
  return near === undefined ? `known are: ${known.join(', ')}` : `did you mean "${near}"?`
}

/** What is wrong with an action for a kind, in words; nothing where it fits. */
export const misfit = (kind: SanitisedKind, { name }: Action): string | undefined => {
  if (name === 'report' || name === 'ignore' || name === 'drop') return undefined
  // Both say something of the file as a whole: there is no part to take out.
  if (kind === 'image-polyglot' || kind === 'image-extension')
    return `${kind} can be dropped or reported, not "${name}"`
  if (name === 'remove') return undefined
  const personal = isPiiKind(kind) || kind === 'age'
  if (ofValues.has(name) && !personal) return `${kind} can be neutralised, removed, dropped or reported, not "${name}"`
  if (name !== 'neutralise') return undefined
  if (personal) return `${kind} is personal data: mask, remove, hash, token, generalise or fake it, or drop the row`
  return kind.startsWith('image-') ? `${kind} can be removed, dropped or reported, not "neutralise"` : undefined
}

/** Reads `mask`, `mask:4`, `drop`, … Throws USAGE. */
export const parseAction = (written: string): Action => {
  const [name = '', keep, ...more] = written.split(':')
  // As Americans spell it.
  const spelled = name === 'neutralize' ? 'neutralise' : name === 'generalize' ? 'generalise' : name
  if (!isActionName(spelled))
    throw new BartizanError('USAGE', `there is no action "${name}"`, { hint: meant(name, actionNames) })
  if (keep === undefined) return { name: spelled }
  if (spelled !== 'mask' || more.length > 0 || !/^\d{1,2}$/.test(keep))
    throw new BartizanError('USAGE', `"${written}" is no action`, {
      hint: 'only mask takes a number, of characters to keep at the end: mask:4',
    })
  return { name: 'mask', keep: Number(keep) }
}
