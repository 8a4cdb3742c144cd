import { shellWord } from '../base/shell-word.ts'
import type { Config, DataInfo, ProbeClass } from '../contract/index.ts'
import { shownUrl } from '../models/endpoint/index.ts'
import { attackNamed, shortNumber } from './battery.ts'
import type { ProbeRecord } from './probe-record.ts'

/** A command line that runs one probe alone. Paths as `named` gives them, relative to where bartizan.yaml lies. */
export const commandFor = (
  { attack, norm, epsilon, params, outcome }: ProbeRecord,
  { model, data, threat, features }: Config,
  {
    seed,
    from,
    named,
    file,
  }: {
    readonly seed: number
    readonly from: number
    readonly named: (path: string) => string
    /** bartizan.yaml, where there is one: it describes an endpoint. */
    readonly file?: string
  },
): string =>
  [
    `bartizan attack run ${attack}`,
    ...subjectFlags({ model, data, threat }, { from, to: from + outcome.broken.length, named, file }),
    ...(attackNamed(attack).transfers
      ? (threat.surrogates ?? []).map((path) => `--surrogate ${shellWord(named(path))}`)
      : []),
    features && file !== undefined && `--features ${shellWord(named(file))}`,
    `--norm ${norm}`,
    `--eps ${shortNumber(epsilon)}`,
    ...Object.entries(params).map(([key, value]) => `--set ${key}=${value}`),
    `--seed ${seed}`,
  ]
    .filter(Boolean)
    .join(' ')

interface SubjectPlace {
  readonly from: number
  readonly to: number
  readonly named: (path: string) => string
  readonly file?: string
}

/** Model and rows, as every command takes them. */
const subjectFlags = (
  { model, data, threat }: Pick<Config, 'model' | 'data' | 'threat'>,
  { from, to, named, file }: SubjectPlace,
): readonly (string | false | undefined)[] => [
  model.endpoint
    ? `--endpoint ${shellWord(file === undefined ? shownUrl(new URL(model.endpoint.url)) : named(file))}`
    : `--model ${shellWord(named(model.path))}`,
  `--data ${shellWord(named(data.path))}`,
  data.labels && `--labels ${shellWord(named(data.labels))}`,
  data.label && `--label ${shellWord(data.label)}`,
  data['label-columns'] && `--label-columns ${shellWord(data['label-columns'].join(','))}`,
  model.task !== undefined && model.task !== 'auto' && `--task ${model.task}`,
  ...Object.entries(threat.goal ?? {}).map(([key, value]) => `--goal ${key}=${value}`),
  data.scale !== undefined && data.scale !== 1 && `--scale ${fraction(data.scale)}`,
  data.columns && `--columns ${shellWord(data.columns.join(','))}`,
  `--rows ${from}:${to}`,
  ...preprocessingFlags(model.preprocessing),
  model.input.shape && `--shape ${model.input.shape.join(',')}`,
  model.output !== 'auto' && `--output ${model.output}`,
  model.input.levels !== undefined && `--levels ${model.input.levels}`,
  (model.input.range[0] !== 0 || model.input.range[1] !== 1) && `--range ${model.input.range.join(',')}`,
]

/** A command line that runs the probes of one class alone. */
export const commandForClass = (
  name: ProbeClass,
  config: Config,
  { seed, data, named, file }: Omit<SubjectPlace, 'from' | 'to'> & { readonly seed: number; readonly data: DataInfo },
): string =>
  [
    'bartizan assess',
    ...(file === undefined ? subjectFlags(config, { ...data, named }) : [shellWord(named(file))]),
    ...(file === undefined ? trainingFlags(config, named) : []),
    `--class ${name}`,
    `--seed ${seed}`,
  ]
    .filter(Boolean)
    .join(' ')

/** How the rows are read that the model learned from follows from the other flags. */
const trainingFlags = (
  { training }: Pick<Config, 'training'>,
  named: SubjectPlace['named'],
): readonly (string | undefined)[] => [
  training && `--training-data ${shellWord(named(training.data.path))}`,
  training?.data.labels && `--training-labels ${shellWord(named(training.data.labels))}`,
]

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
