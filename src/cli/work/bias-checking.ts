import { BartizanError } from '../../base/errors.ts'
import { type BiasMetric, type BiasResult, type BiasTransform, biasResultSchema } from '../../contract/bias-result.ts'
import type { Changes } from '../../contract/data-record.ts'
import { checkBias } from '../../screening/bias/index.ts'
import { amounts } from '../flags/parse.ts'
import { nameIn, sourceOf } from './commitments.ts'
import { checkOutputs } from './outputs.ts'
import { commandLine, recordStep, requireProject } from './step-record.ts'

type Assignment = readonly [string, string]

export interface BiasFlags {
  readonly protected: readonly string[]
  readonly bins: readonly Assignment[]
  readonly label?: string
  readonly positive: readonly string[]
  readonly predictions?: string
  readonly scores?: string
  readonly threshold: number
  readonly reference?: string
  readonly privileged: readonly Assignment[]
  readonly judge?: readonly BiasMetric[]
  readonly ignore?: readonly string[]
  readonly maxGap: number
  readonly minGroup: number
  readonly proxySkill: number
  readonly reweigh?: string
  readonly weightColumn: string
  readonly resample?: string
  readonly sampling: 'uniform' | 'preferential'
  readonly seed?: number
  readonly project: string
}

/** Later assignments to a column would hide earlier ones. */
const record = <T>(flag: string, pairs: readonly (readonly [string, T])[]): Readonly<Record<string, T>> => {
  const names = pairs.map(([name]) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice === undefined) return Object.fromEntries(pairs)
  throw new BartizanError('USAGE', `${flag} is given twice for ${twice}`, { data: { flag, column: twice } })
}

const flagged = (flag: string, value: string | undefined): readonly string[] =>
  value === undefined ? [] : [flag, value]

/** The command line that makes one output again, with names as the project has them: what only measures is left out. */
const commandOf = (transform: BiasTransform, { data, settings }: BiasResult, flags: BiasFlags): string => {
  const { project, weightColumn, sampling } = flags
  const output = nameIn(project, transform.output.path)
  return commandLine([
    ...['bartizan', 'data', 'bias', nameIn(project, data.path), '--protected', settings.protected.join(',')],
    ...Object.entries(settings.bins).flatMap(([column, edges]) => ['--bins', `${column}=${edges.join(',')}`]),
    ...flagged('--label', settings.label),
    ...settings.positive.flatMap((value) => ['--positive', value]),
    ...(transform.rule === 'reweighing'
      ? ['--reweigh', output, '--weight-column', weightColumn]
      : ['--resample', output, '--sampling', sampling, '--seed', String(settings.seed)]),
    ...(transform.rule === 'preferential-resampling' ? flagged('--scores', settings.scores) : []),
  ])
}

/** Every row of a reweighed table gets one cell more; resampling takes whole rows. */
const changesOf = ({ rule, rowsIn, rowsOut, changed }: BiasTransform): Changes => ({
  rows: { in: rowsIn, out: rowsOut, changed },
  rules: [
    rule === 'reweighing'
      ? { rule, action: 'weight', rows: changed, cells: rowsOut }
      : { rule, action: 'resample', rows: changed },
  ],
})

const recordedTransform = async (
  transform: BiasTransform,
  result: BiasResult,
  flags: BiasFlags,
): Promise<BiasTransform> => {
  const { rule, input, output, parameters, reference } = transform
  const { project } = flags
  const record = await recordStep({
    project,
    step: rule === 'reweighing' ? 'reweigh' : 'resample',
    materials: [await sourceOf(project, input)],
    outputs: [output.path],
    command: commandOf(transform, result, flags),
    params: {
      rule,
      reference,
      ...Object.fromEntries(Object.entries(parameters).map(([key, value]) => [key, String(value)])),
    },
    changes: changesOf(transform),
  })
  return { ...transform, ...(record && { record }) }
}

/**
 * What `bartizan data bias` does; each table that it writes is recorded in the project. Throws USAGE where flags don't
 * fit, and what looking at the table and recording throw.
 */
export const checkedBias = async (file: string, flags: BiasFlags): Promise<BiasResult> => {
  const { bins, positive, privileged, judge, proxySkill, maxGap, project, ...options } = flags
  if (!(maxGap >= 0 && maxGap <= 1))
    throw new BartizanError('USAGE', `--max-gap is ${maxGap}, expected a difference of rates from 0 to 1`)
  const { reference, reweigh, resample } = options
  await checkOutputs({ FILE: file, '--reference': reference }, { '--reweigh': reweigh, '--resample': resample })
  if (reweigh !== undefined || resample !== undefined) await requireProject(project)
  const result = await checkBias(file, {
    ...options,
    maxGap,
    proxyThreshold: proxySkill,
    bins: record(
      '--bins',
      bins.map(([column, edges]) => [column, amounts(edges, '--bins')] as const),
    ),
    privileged: record('--privileged', privileged),
    ...(positive.length > 0 && { positive }),
    ...(judge && { judged: judge }),
  })
  const transforms: BiasTransform[] = []
  for (const transform of result.transforms) transforms.push(await recordedTransform(transform, result, flags))
  return biasResultSchema.parse({ ...result, transforms })
}
