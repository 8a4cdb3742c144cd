import { BartizanError } from '../../base/errors.ts'
import type { DataSet } from '../../data/index.ts'
import { drawnAnew } from '../../defenses/training/from-scratch.ts'
import { modelWithWeights } from '../../models/with-weights.ts'
import {
  type CrossValidationRecipe,
  crossValidated,
  crossValidationParameters,
  type DrawAnew,
  type FreshNetwork,
  networkLike,
  networkOf,
  standardised,
} from '../../screening/labels/index.ts'
import { resolveParameters } from '../../threat/parameters.ts'
import { parseArchitecture } from '../../training/architecture/index.ts'
import { openRowStore } from '../../training/row-store.ts'
import type { Output } from '../terminal/output.ts'
import { classesOf, pictured } from './hardening-subject.ts'
import type { JudgedRows } from './label-probabilities.ts'
import { demandClasses, demandLabels, openingFrom, openRows, type SubjectFlags, subjectFromFlags } from './subject.ts'

/** What the flags say of the network that is cross-validated. */
export interface NetworkFlags extends Omit<SubjectFlags, 'model' | 'data' | 'range'> {
  readonly model?: string
  readonly architecture?: string
  readonly folds: number
  readonly set: readonly (readonly [string, string])[]
  readonly seed: number
  readonly threads: number
}

export interface OwnProbabilities extends JudgedRows {
  readonly probabilities: Float32Array
  /** Layers, or the file of the model. */
  readonly network: string
  readonly recipe: CrossValidationRecipe
}

/** For tables, and for everything else. */
const usual = { table: 'dense 32, relu, dense classes', rows: 'mnist-cnn' } as const

/** A linear model: softmax regression. */
const written = (architecture: string): string => (architecture === 'logistic' ? 'dense classes' : architecture)

interface Opened {
  readonly rows: DataSet
  readonly classes: number
  readonly network: string
  readonly notes: readonly string[]
  fresh(fold: number): Promise<FreshNetwork>
  close(): Promise<void>
}

/** Trains the network fold by fold on the labelled rows. Throws what reading the rows and training throw. */
export const ownProbabilities = async (
  data: string,
  flags: NetworkFlags,
  { progress }: Pick<Output, 'progress'>,
): Promise<OwnProbabilities> => {
  const { model, architecture, folds, seed, threads } = flags
  if (model !== undefined && architecture !== undefined)
    throw new BartizanError('USAGE', '--model and --architecture were both given', {
      hint: '--model trains the graph of a file anew, --architecture LAYERS a network of those layers',
    })
  const recipe = resolveParameters(
    'cross-validation',
    crossValidationParameters,
    Object.fromEntries(flags.set),
  ) as CrossValidationRecipe
  const subject = { ...flags, data, range: [0, 1] } as const
  const opened = await (model === undefined ? ofArchitecture(subject) : ofModel({ ...subject, model }))
  try {
    const { rows, classes, network, notes, fresh } = opened
    const store = await openRowStore(rows, { classes, low: -Infinity, high: Infinity })
    try {
      progress.start(`cross-validation of ${network} in ${folds} folds`)
      const used = model === undefined && rows.columns !== undefined ? await standardised(store) : store
      const probabilities = await crossValidated({
        ...{ store: used, classes, folds, recipe, seed, threads, fresh },
        progress: (done) => progress.update(done, `fold ${Math.min(folds, 1 + Math.floor(done * folds))} of ${folds}`),
      })
      progress.end(`${store.rows} rows`)
      const { labels } = store
      return { labels, classes, probabilities, offset: rows.offset, names: rows.classes, network, recipe, notes }
    } finally {
      await store.close()
    }
  } finally {
    await opened.close()
  }
}

type RowsAndNetwork = Omit<SubjectFlags, 'model'> & Pick<NetworkFlags, 'architecture' | 'seed'>

const ofArchitecture = async (flags: RowsAndNetwork): Promise<Opened> => {
  let rows = await openRows(flags, 'float32')
  try {
    demandLabels({ set: rows }, 'they are what is judged')
    const table = rows.columns !== undefined
    const bytes = rows.dtype === 'uint8' && !table && flags.scale === undefined
    if (bytes) {
      await rows.close()
      rows = await openRows({ ...flags, scale: 1 / 255 }, 'float32')
    }
    const network = written(flags.architecture ?? (table ? usual.table : usual.rows))
    const layers = parseArchitecture(network)
    const classes = await classesOf(rows)
    const input = flags.shape ?? pictured(rows.shape)
    return {
      ...{ rows, classes, network, close: rows.close },
      notes: bytes ? ['Bytes were divided by 255 (--scale says otherwise).'] : [],
      fresh: (fold) => networkOf(layers, { input, classes, seed: flags.seed + fold }, openingFrom(flags)),
    }
  } catch (error) {
    await rows.close()
    throw error
  }
}

const ofModel = async (flags: SubjectFlags & { readonly seed: number }): Promise<Opened> => {
  const { model, set, close } = await subjectFromFlags(flags)
  try {
    demandClasses(model, 'cross-validation')
    demandLabels({ set }, 'they are what is judged')
    return {
      ...{ rows: set, classes: model.classes, network: flags.model, notes: [], close },
      fresh: (fold) => networkLike(model.source, flags.seed + fold, openingFrom(flags), redrawn),
    }
  } catch (error) {
    await close()
    throw error
  }
}

const redrawn: DrawAnew = (model, names, seed) =>
  modelWithWeights(
    model.source,
    new Map([...drawnAnew(model, names, seed)].map(([name, { data }]) => [name, data as Float32Array])),
  )
