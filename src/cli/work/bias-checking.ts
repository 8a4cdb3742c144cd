import { BartizanError } from '../../base/errors.ts'
import type { BiasMetric, BiasResult } from '../../contract/bias-result.ts'
import { checkBias } from '../../screening/bias/index.ts'
import { amounts } from '../flags/parse.ts'
import { checkOutputs } from './outputs.ts'

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
}

/** Later assignments to a column would hide earlier ones. */
const record = <T>(flag: string, pairs: readonly (readonly [string, T])[]): Readonly<Record<string, T>> => {
  const names = pairs.map(([name]) => name)
  const twice = names.find((name, i) => names.indexOf(name) !== i)
  if (twice === undefined) return Object.fromEntries(pairs)
  throw new BartizanError('USAGE', `${flag} is given twice for ${twice}`, { data: { flag, column: twice } })
}

/** What `bartizan data bias` does. Throws USAGE where flags don't fit, and what looking at the table throws. */
export const checkedBias = async (file: string, flags: BiasFlags): Promise<BiasResult> => {
  const { bins, positive, privileged, judge, proxySkill, maxGap, ...options } = flags
  if (!(maxGap >= 0 && maxGap <= 1))
    throw new BartizanError('USAGE', `--max-gap is ${maxGap}, expected a difference of rates from 0 to 1`)
  const { reference, reweigh, resample } = options
  await checkOutputs({ FILE: file, '--reference': reference }, { '--reweigh': reweigh, '--resample': resample })
  return checkBias(file, {
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
}
