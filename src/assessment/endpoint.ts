import { join } from 'node:path'
import { BartizanError } from '../base/errors.ts'
import type { Config, Flag, ModelInfo, Repeated } from '../contract/index.ts'
import { type DataSet, openData, viewAs } from '../data/index.ts'
import { holdLock } from '../evidence/index.ts'
import { type EndpointModel, openEndpoint } from '../models/endpoint/index.ts'
import type { Preprocessing } from '../models/head.ts'
import { sizeOf } from '../onnx/tensor.ts'
import { classification } from '../threat/goal/judge.ts'
import type { Subject } from './opened-subject.ts'
import type { ProbeRecord } from './probe-record.ts'
import { openSurrogates } from './surrogates.ts'

/** The run that asks: answers are kept below its folder, and no run asks again what another was answered. */
export interface EndpointRun {
  /** Folder of bartizan.yaml, or where the command runs. */
  readonly root: string
  /** Goes on with an interrupted run: rows that it asked twice are not asked once more. */
  readonly resume: boolean
  /** Forgets what was answered; what was spent stays spent. */
  readonly askAgain?: boolean
}

export interface EndpointOpening extends EndpointRun {
  readonly config: NonNullable<Config['model']['endpoint']>
  readonly output: Config['model']['output']
  readonly preprocessing?: Preprocessing
  readonly shape?: readonly number[]
}

/** A labelled set and the endpoint that is asked its rows, fitting one another. The caller closes the set. */
export const openEndpointFor = async (set: DataSet, opening: EndpointOpening): Promise<EndpointModel> => {
  const { root, resume, askAgain, config, output, preprocessing, shape } = opening
  if (resume && askAgain)
    throw new BartizanError('USAGE', '--resume and --ask-again were both given', {
      hint: '--resume keeps what was answered, --ask-again forgets it',
    })
  if (set.rows === 0) throw new BartizanError('DATA_SHAPE_MISMATCH', `${set.path} has no rows to ask the endpoint`)
  let free: () => void = () => undefined
  const model = await openEndpoint({
    config,
    output,
    preprocessing,
    shape,
    data: {
      shape: set.shape,
      columns: set.columns,
      first: async () => (await set.read(0, 1)).x as Float32Array,
    },
    answers: async (sha256) => {
      const folder = join(root, '.bartizan', 'answers', sha256.slice(0, 16))
      // Two runs that ask the same endpoint would each pay for what the other is told.
      free = await holdLock(join(folder, 'lock'), { patience: 0, what: 'answers of this endpoint are' })
      return join(folder, 'answers')
    },
    keeping: resume ? 'resumed' : askAgain ? 'forgotten' : 'known',
    environment: process.env,
  }).catch((error: unknown) => {
    free()
    throw error
  })
  return {
    ...model,
    async release() {
      await model.release()
      free()
    },
  }
}

/** The endpoint that a configuration names, and its rows. */
export const openEndpointSubject = async (
  { model: modelConfig, data, threat }: Config,
  run: EndpointRun,
): Promise<Subject> => {
  const { range, units, levels, shape } = modelConfig.input
  const { scale, mean, std } = modelConfig.preprocessing ?? {}
  const list = (value: number | readonly number[] | undefined) => (typeof value === 'number' ? [value] : value)
  if (!['auto', 'classification'].includes(modelConfig.task ?? 'auto') || data['label-columns'] || threat.goal)
    throw new BartizanError('MODEL_UNSUPPORTED', 'a model behind an API is attacked as a classifier', {
      hint: 'regression and multi-label models can be attacked as ONNX files',
    })
  const set = await openData({ ...data, as: 'float32' })
  try {
    if (!set.hasLabels)
      throw new BartizanError(
        'DATA_LABEL_INVALID',
        `${data.path} has no labels, and accuracy can't be measured without`,
        {
          hint: 'name a labels file (data.labels) or a column (data.label)',
        },
      )
    const preprocessing = modelConfig.preprocessing && { scale, mean: list(mean), std: list(std) }
    const { output, endpoint: config } = modelConfig
    const endpoint = await openEndpointFor(set, {
      ...run,
      config: config!,
      output,
      preprocessing,
      shape: shape ?? data.shape,
    })
    try {
      const surrogates = await openSurrogates(threat.surrogates ?? [], endpoint, { output, preprocessing })
      const input = { range, ...(levels && { levels }), units: units ?? 'input units', shape: endpoint.input.dims }
      return { ...subjectOfEndpoint(endpoint, set, input, surrogates), surrogates }
    } catch (error) {
      await endpoint.release()
      throw error
    }
  } catch (error) {
    await set.close()
    throw error
  }
}

/** Closing it closes all three. */
export const subjectOfEndpoint = (
  endpoint: EndpointModel,
  set: DataSet,
  input: Subject['input'],
  surrogates: readonly { release(): Promise<void> }[] = [],
): Subject => ({
  model: endpoint,
  endpoint,
  set: viewAs(set, endpoint.input.dims),
  input,
  task: classification,
  async close() {
    for (const surrogate of surrogates) await surrogate.release()
    await set.close()
    await endpoint.release()
  },
})

/** What the report says of a model behind an API. */
export const describeEndpoint = ({ path, sha256, endpoint, input, classes, output }: EndpointModel): ModelInfo => ({
  path,
  sha256,
  inputs: [{ name: input.name, type: input.dtype, shape: [null, ...input.dims] }],
  outputs: [{ name: output.name, type: 'float32', shape: [null, output.kind.startsWith('binary') ? 1 : classes] }],
  outputKind: output.kind,
  differentiable: false,
  endpoint,
})

/** Asks the first rows of the set again; nothing where none are to be repeated. */
export const askAgain = async (
  endpoint: EndpointModel,
  set: DataSet,
  repeats: number,
): Promise<Repeated | undefined> => {
  const rows = Math.min(repeats, set.rows)
  if (rows === 0) return undefined
  const { x } = await set.read(0, rows)
  return endpoint.repeat((x as Float32Array).subarray(0, rows * sizeOf(set.shape)), rows)
}

/** Of the rows asked twice, those with another answer. */
export const shareThatDiffers = ({ rows, otherLabel, otherScores }: Repeated): number =>
  Math.max(otherScores, otherLabel) / rows

/** Answers that change from call to call make every figure of an attack that compares them doubtful. */
export const answersDiffer = (
  repeated: Repeated | undefined,
  records: readonly ProbeRecord[],
): readonly { readonly probe: string; readonly flag: Flag }[] => {
  if (!repeated || repeated.otherScores + repeated.otherLabel === 0) return []
  const { rows, otherLabel, otherScores, largest } = repeated
  const message = `of ${rows} rows that the endpoint was asked twice, ${Math.max(otherScores, otherLabel)} got another answer and ${otherLabel} another label; the largest difference of a probability was ${Number(largest.toPrecision(2))}: each row was judged by its first answer, which an earlier run may have asked for, and another call may give other results`
  return records
    .filter(({ access }) => access !== 'nothing')
    .map(({ id }) => ({ probe: id, flag: { id: 'answers-differ', message, measured: shareThatDiffers(repeated) } }))
}
