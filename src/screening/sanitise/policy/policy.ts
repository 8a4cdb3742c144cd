import { canonicalJson, sha256 } from '../../../base/canonical-json.ts'
import type { PiiKind } from '../../pii/index.ts'
import { isPiiKind, type SanitisedKind, sanitisedKinds } from '../kind.ts'
import { type Action, keyedActions } from './action.ts'
import { defaultActions } from './defaults.ts'

export type KindActions = Readonly<Partial<Record<SanitisedKind, Action>>>

/** What is done in one column. */
export interface ColumnPolicy {
  /** Nothing is looked for or changed. */
  readonly skip?: boolean
  /** Every cell that isn't empty is such a value as a whole, whatever it looks like. */
  readonly as?: PiiKind | 'age'
  /** Actions that differ from those for all columns. */
  readonly actions?: KindActions
  readonly minScore?: number
}

/** Everything that decides what comes out: the digest of it stands in the result. */
export interface Policy {
  readonly actions: Readonly<Record<SanitisedKind, Action>>
  readonly columns: Readonly<Record<string, ColumnPolicy>>
  /** Only these columns are looked at, where given. */
  readonly onlyColumns?: readonly string[]
  readonly minScore: number
  readonly regions?: readonly string[]
  /** Whether text is brought to Unicode's normal form C first. */
  readonly nfc: boolean
}

export interface PolicyOptions {
  readonly actions?: KindActions
  readonly columns?: Readonly<Record<string, ColumnPolicy>>
  readonly onlyColumns?: readonly string[]
  /** Kinds to look for; all without. */
  readonly kinds?: readonly SanitisedKind[]
  readonly minScore?: number
  readonly regions?: readonly string[]
  readonly nfc?: boolean
}

/** A mask that doesn't say how much it keeps keeps what the default mask of its kind does. */
const completed = (actions: KindActions): KindActions =>
  Object.fromEntries(
    Object.entries(actions).map(([kind, action]): [string, Action] => {
      const { keep } = defaultActions[kind as SanitisedKind]
      return [kind, action.name === 'mask' && action.keep === undefined && keep ? { ...action, keep } : action]
    }),
  )

/** The defaults with the options over them. */
export const policyOf = ({
  actions = {},
  columns = {},
  kinds,
  minScore = 0.5,
  nfc = false,
  ...rest
}: PolicyOptions): Policy => {
  const chosen = { ...defaultActions, ...completed(actions) }
  const wanted = kinds === undefined ? undefined : new Set(kinds)
  const ignore: Action = { name: 'ignore' }
  return {
    actions: Object.fromEntries(
      sanitisedKinds.map((kind) => [kind, wanted === undefined || wanted.has(kind) ? chosen[kind] : ignore]),
    ) as Record<SanitisedKind, Action>,
    columns,
    minScore,
    nfc,
    ...(rest.onlyColumns && { onlyColumns: rest.onlyColumns }),
    ...(rest.regions && { regions: rest.regions }),
  }
}

/** SHA-256 of the policy's canonical JSON. */
export const policyDigest = (policy: Policy): string => sha256(canonicalJson(policy))

/** Kinds whose action needs a key, for the error where none is given. */
export const keyedKinds = ({ actions, columns }: Policy): readonly string[] => {
  const all = [actions, ...Object.values(columns).map((column) => column.actions ?? {})]
  return [...new Set(all.flatMap((table) => Object.entries(table)))]
    .filter(([, action]) => keyedActions.has(action.name))
    .map(([kind, action]) => `${kind}=${action.name}`)
}

/** Actions and thresholds of a column, ready to use. */
export interface ColumnRules {
  readonly actionOf: (kind: SanitisedKind) => Action
  /** Kinds of personal data to look for. */
  readonly piiKinds: readonly PiiKind[]
  readonly minScore: number
  readonly as?: PiiKind | 'age'
}

/** The rules of a column; nothing for one that is left alone. */
export const columnRules = (policy: Policy, column: string | undefined): ColumnRules | undefined => {
  const own: ColumnPolicy = column !== undefined && Object.hasOwn(policy.columns, column) ? policy.columns[column]! : {}
  if (own.skip || (column !== undefined && policy.onlyColumns && !policy.onlyColumns.includes(column))) return undefined
  const actions = { ...policy.actions, ...completed(own.actions ?? {}) }
  return {
    actionOf: (kind) => actions[kind],
    piiKinds: sanitisedKinds.filter((kind): kind is PiiKind => isPiiKind(kind) && actions[kind].name !== 'ignore'),
    minScore: own.minScore ?? policy.minScore,
    ...(own.as && { as: own.as }),
  }
}
