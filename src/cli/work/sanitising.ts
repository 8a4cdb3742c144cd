import { BartizanError } from '../../base/errors.ts'
import type { Changes } from '../../contract/data-record.ts'
import { type SanitiseResult, sanitiseResultSchema } from '../../contract/sanitise-result.ts'
import {
  type Action,
  isSanitisedKind,
  type KindActions,
  meant,
  misfit,
  type PolicyOptions,
  parseAction,
  readKeyFile,
  readRules,
  type SanitisedKind,
  sanitise,
  sanitisedKinds,
} from '../../screening/sanitise/index.ts'
import { nameIn, sourceOf } from './commitments.ts'
import { requireApart } from './outputs.ts'
import { commandLine, fileParam, recordStep, requireProject } from './step-record.ts'

export interface SanitiseFlags {
  readonly out?: string
  readonly dryRun: boolean
  readonly action: readonly (readonly [string, string])[]
  readonly kinds?: readonly string[]
  readonly columns?: readonly string[]
  readonly minScore?: number
  readonly regions?: readonly string[]
  readonly rules?: string
  readonly key?: string
  readonly restore: boolean
  readonly nfc: boolean
  readonly noHeader: boolean
  readonly reencode: boolean
  readonly maxEntities: number
  readonly explain: boolean
  readonly project: string
}

const kindNamed = (name: string, flag: string): SanitisedKind => {
  if (isSanitisedKind(name)) return name
  throw new BartizanError('USAGE', `${flag}: there is no kind "${name}"`, { hint: meant(name, sanitisedKinds) })
}

const actionsOf = (pairs: SanitiseFlags['action']): KindActions => {
  const actions: Partial<Record<SanitisedKind, Action>> = {}
  for (const [name, written] of pairs) {
    const kind = kindNamed(name, '--action')
    const action = parseAction(written)
    const problem = misfit(kind, action)
    if (problem !== undefined) throw new BartizanError('USAGE', `--action ${name}=${written}: ${problem}`)
    actions[kind] = action
  }
  return actions
}

const regionsOf = (codes: readonly string[]): readonly string[] =>
  codes.map((code) => {
    const region = code.trim().toUpperCase()
    if (/^[A-Z]{2}$/.test(region)) return region === 'UK' ? 'GB' : region
    throw new BartizanError('USAGE', `--regions: "${code}" is no country code`, { hint: 'two letters each: DE,FR,GB' })
  })

/** The rules file with the flags over it. */
const policyFrom = (flags: SanitiseFlags, file: PolicyOptions): PolicyOptions => ({
  ...file,
  actions: { ...file.actions, ...actionsOf(flags.action) },
  ...(flags.kinds && { kinds: flags.kinds.map((kind) => kindNamed(kind, '--kinds')) }),
  ...(flags.columns && { onlyColumns: flags.columns }),
  ...(flags.minScore !== undefined && { minScore: flags.minScore }),
  ...(flags.regions && { regions: regionsOf(flags.regions) }),
  ...(flags.nfc && { nfc: true }),
})

const listed = (flag: string, values: readonly string[] | undefined): readonly (string | undefined)[] =>
  values === undefined ? [] : [flag, values.join(',')]

/** The command line with names as the project has them. The key is a parameter, by its id, and never stands here. */
const commandOf = (file: string, out: string, flags: SanitiseFlags): string => {
  const { project, action, kinds, columns, minScore, regions, rules, restore, nfc, noHeader, reencode } = flags
  return commandLine([
    ...['bartizan', 'data', 'sanitize', nameIn(project, file), '--out', nameIn(project, out)],
    ...action.flatMap(([kind, written]) => ['--action', `${kind}=${written}`]),
    ...listed('--kinds', kinds),
    ...listed('--columns', columns),
    ...(minScore === undefined ? [] : ['--min-score', String(minScore)]),
    ...listed('--regions', regions),
    ...(rules === undefined ? [] : ['--rules', nameIn(project, rules)]),
    restore ? '--restore' : undefined,
    nfc ? '--nfc' : undefined,
    noHeader ? '--no-header' : undefined,
    reencode ? '--reencode' : undefined,
  ])
}

const changesOf = ({ rows, cells, rules }: SanitiseResult): Changes => ({ rows, cells, rules })

const recorded = async (result: SanitiseResult, flags: SanitiseFlags): Promise<SanitiseResult> => {
  const { project } = flags
  if (result.out === null) return result
  const { policy } = result
  const record = await recordStep({
    project,
    step: policy.restore ? 'restore' : 'sanitise',
    materials: [await sourceOf(project, result.in)],
    outputs: [result.out.path],
    command: commandOf(result.in.path, result.out.path, flags),
    params: {
      policy: `sha256:${policy.sha256}`,
      ...(policy.rules && { rules: fileParam(project, policy.rules) }),
      ...(policy.key !== null && { key: policy.key }),
    },
    changes: changesOf(result),
  })
  return sanitiseResultSchema.parse({ ...result, ...(record && { record }) })
}

/**
 * What `bartizan data sanitize` does: what it writes is recorded in the project. Throws USAGE where neither --out nor
 * --dry-run says what becomes of it.
 */
export const sanitiseData = async (file: string, flags: SanitiseFlags): Promise<SanitiseResult> => {
  const { out, dryRun, maxEntities, restore, reencode, noHeader, explain, project } = flags
  if (out === undefined && !dryRun)
    throw new BartizanError('USAGE', '--out <file> is missing', { hint: 'with --dry-run nothing is written' })
  if (!dryRun) await requireApart({ FILE: file, '--rules': flags.rules, '--key': flags.key }, { '--out': out })
  if (!dryRun) await requireProject(project)
  const rules = flags.rules === undefined ? undefined : await readRules(flags.rules)
  const key = flags.key === undefined ? undefined : await readKeyFile(flags.key)
  const result = await sanitise(file, {
    policy: policyFrom(flags, rules?.options ?? {}),
    header: !noHeader,
    maxEntities,
    restore,
    reencode,
    explain,
    ...(key && { key }),
    ...(rules && { rules: { path: rules.path, sha256: rules.sha256 } }),
    ...(out !== undefined && !dryRun && { out }),
  })
  return recorded(result, flags)
}
