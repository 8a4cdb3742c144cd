import { type Assessment, type AssessOptions, assess } from '../../assessment/assess.ts'
import { requireClasses } from '../../assessment/classes/run-classes.ts'
import { configFromFlags, loadConfig } from '../../assessment/config/index.ts'
import type { Progress } from '../../assessment/progress.ts'
import { BartizanError, isBartizanError } from '../../base/errors.ts'
import type { BatteryEffort, Config, Measure, ProbeClass } from '../../contract/index.ts'
import { version } from '../version.ts'
import { endpointFrom } from './endpoint-flags.ts'
import type { SubjectFlags } from './subject.ts'

/** What `bartizan assess` was asked for: a configuration, or flags in place of one. */
export interface AssessCommand extends Omit<SubjectFlags, 'model' | 'data' | 'range'> {
  readonly config?: string
  readonly model?: string
  readonly endpoint?: string
  readonly data?: string
  readonly trainingData?: string
  readonly trainingLabels?: string
  readonly range?: readonly [number, number]
  readonly norm?: Measure
  readonly eps?: readonly number[]
  readonly battery?: BatteryEffort
  readonly class?: ProbeClass
  readonly out?: string
  readonly resume: boolean
  readonly askAgain?: boolean
  readonly seed?: number
  readonly progress: Progress
}

const defaultConfig = 'bartizan.yaml'
const defaultOut = 'bartizan-report'

/** Loads or makes the configuration, and assesses. */
export const assessmentFrom = async (command: AssessCommand): Promise<Assessment> => {
  if (command.class !== undefined) requireClasses([command.class])
  const { resume, askAgain, threads, progress } = command
  const shared = { resume, askAgain, threads, progress, tool: { name: 'bartizan', version: version() } }
  return assess({ ...shared, ...(await described(command)) }).catch(sayHowToGoOn)
}

const described = async (command: AssessCommand): Promise<Pick<AssessOptions, 'config' | 'loaded'>> => {
  if (command.model !== undefined || command.endpoint !== undefined || command.data !== undefined)
    return { config: await flagged(command) }
  refuseDescriptions(command)
  const loaded = await loadConfig(command.config ?? defaultConfig)
  const { out = loaded.config.out, seed = loaded.config.seed, battery = loaded.config.battery } = command
  const classes = command.class === undefined ? loaded.config.classes : [command.class]
  return { loaded, config: { ...loaded.config, out, seed, battery, classes } }
}

/** What was measured before a disk ran full is kept. */
const sayHowToGoOn = (error: unknown): never => {
  if (!isBartizanError(error, 'FILE_UNWRITABLE')) throw error
  const { code, message, hint, data } = error
  const next = 'the same command with --resume then keeps what this run finished'
  throw new BartizanError(code, message, { hint: hint ? `${hint}; ${next}` : next, data, cause: error })
}

/** With a configuration, flags that describe the subject would contradict it in silence. */
const refuseDescriptions = (command: AssessCommand): void => {
  const described = [
    'trainingData',
    'trainingLabels',
    'labels',
    'label',
    'columns',
    'rows',
    'scale',
    'shape',
    'mean',
    'std',
    'range',
    'levels',
    'norm',
    'eps',
  ] as const
  const given = described.find((flag) => command[flag] !== undefined)
  if (given === undefined) return
  throw new BartizanError(
    'USAGE',
    `--${given.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)} goes with --model and --data, in place of a configuration`,
    {
      hint: `change it in ${command.config ?? defaultConfig}`,
    },
  )
}

const flagged = async (command: AssessCommand): Promise<Config> => {
  const {
    config,
    model,
    data,
    labels,
    label,
    columns,
    rows,
    scale,
    shape,
    mean,
    std,
    output,
    range,
    levels,
    norm,
    eps,
  } = command
  if (config !== undefined)
    throw new BartizanError('USAGE', `${config} and --model were both given`, {
      hint: 'name a configuration, or describe the run by flags',
    })
  const { endpoint } = command
  if (model !== undefined && endpoint !== undefined)
    throw new BartizanError('USAGE', '--model and --endpoint were both given', { hint: 'one model at a time' })
  if ((model ?? endpoint) === undefined || data === undefined)
    throw new BartizanError('USAGE', `--${data === undefined ? 'data' : 'model'} is missing`, {
      hint: '--model and --data go together, in place of a configuration',
    })
  return configFromFlags({
    model: {
      ...(endpoint === undefined ? { path: model } : { endpoint: await endpointFrom(endpoint) }),
      input: { ...(range && { range: [...range] }), levels, ...(shape && { shape: [...shape] }) },
      ...((mean || std) && { preprocessing: { ...(mean && { mean: [...mean] }), ...(std && { std: [...std] }) } }),
      output,
    },
    data: {
      path: data,
      labels,
      label,
      ...(columns && { columns: [...columns] }),
      ...(rows && { rows: `${rows.from}:${rows.to ?? ''}` }),
      scale,
    },
    ...(command.trainingData !== undefined && {
      training: {
        data: {
          path: command.trainingData,
          labels: command.trainingLabels,
          ...(command.trainingLabels === undefined && { label }),
          ...(columns && { columns: [...columns] }),
          scale,
        },
      },
    }),
    threat: {
      ...((norm || eps) && {
        norms: [{ norm: norm ?? 'linf', epsilon: eps ? [...eps] : defaultBudgets(norm ?? 'linf') }],
      }),
    },
    ...(command.battery && { battery: command.battery }),
    ...(command.class && { classes: [command.class] }),
    seed: command.seed ?? 0,
    out: command.out ?? defaultOut,
  })
}

const defaultBudgets = (norm: Measure): number[] => {
  throw new BartizanError('USAGE', `--norm ${norm} needs budgets: --eps`, { hint: 'for example --eps 0.5,1,2' })
}
