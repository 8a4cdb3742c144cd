import type { Config } from '../contract/index.ts'
import { shortNumber } from './battery.ts'
import type { ProbeRecord } from './probe-record.ts'

/** A command line that runs one probe alone. Paths as `named` gives them, relative to where bartizan.yaml lies. */
export const commandFor = (
  { attack, norm, epsilon, params, result }: ProbeRecord,
  { model, data }: Config,
  { seed, from, named }: { readonly seed: number; readonly from: number; readonly named: (path: string) => string },
): string =>
  [
    `bartizan attack run ${attack}`,
    `--model ${quoted(named(model.path))}`,
    `--data ${quoted(named(data.path))}`,
    data.labels && `--labels ${quoted(named(data.labels))}`,
    data.label && `--label ${quoted(data.label)}`,
    data.scale !== undefined && data.scale !== 1 && `--scale ${fraction(data.scale)}`,
    data.columns && `--columns ${quoted(data.columns.join(','))}`,
    `--rows ${from}:${from + result.rows}`,
    ...preprocessingFlags(model.preprocessing),
    model.input.shape && `--shape ${model.input.shape.join(',')}`,
    model.output !== 'auto' && `--output ${model.output}`,
    (model.input.range[0] !== 0 || model.input.range[1] !== 1) && `--range ${model.input.range.join(',')}`,
    `--norm ${norm}`,
    `--eps ${shortNumber(epsilon)}`,
    ...Object.entries(params).map(([key, value]) => `--set ${key}=${value}`),
    `--seed ${seed}`,
  ]
    .filter(Boolean)
    .join(' ')

/** The flags know mean and std; a scale s before them is the same as mean / s and std / s. */
const preprocessingFlags = (preprocessing: Config['model']['preprocessing']): readonly string[] => {
  if (!preprocessing) return []
  const { scale = 1, mean = 0, std = 1 } = preprocessing
  const list = (values: number | readonly number[]): string =>
    [values]
      .flat()
      .map((value) => value / scale)
      .join(',')
  return [`--mean ${list(mean)}`, `--std ${list(std)}`]
}

/** 1/255 reads better than 0.00392156862745098, and divides exactly. */
const fraction = (scale: number): string =>
  Number.isInteger(Number((1 / scale).toFixed(9))) ? `1/${Math.round(1 / scale)}` : String(scale)

const quoted = (text: string): string => (/^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`)
