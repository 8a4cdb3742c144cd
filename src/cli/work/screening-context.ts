import { totalmem } from 'node:os'
import { BartizanError } from '../../base/errors.ts'
import { stream } from '../../base/random.ts'
import { identifier } from '../../data/formats/duckdb.ts'
import { type DataSet, openData, viewAs } from '../../data/index.ts'
import { tableColumns } from '../../data/open.ts'
import { type Classifier, openClassifier } from '../../models/classifier.ts'
import { featuresOf } from '../../models/features.ts'
import type { ProgramSpec } from '../../models/program.ts'
import { streamed, withTable } from '../../screening/table/index.ts'
import type { ScreenContext } from '../../threat/screen.ts'
import { openingFrom } from './subject.ts'

/** What the flags say of rows, model and sources. */
export interface ScreenInputs {
  readonly data: string
  readonly model?: string
  readonly checkpoints?: readonly string[]
  readonly labels?: string
  readonly label?: string
  readonly columns?: readonly string[]
  readonly scale?: number
  readonly shape?: readonly number[]
  readonly mean?: readonly number[]
  readonly std?: readonly number[]
  readonly output: 'auto' | 'logits' | 'probabilities'
  readonly sources?: string
  readonly trusted?: string
  readonly trustedLabels?: string
  readonly fdr: number
  readonly threads: number
}

type Read = { readonly set: DataSet; readonly x: Float32Array; readonly labels?: Int32Array }

/** Reads all rows. Throws DATA_OUT_OF_RANGE where a value is no finite number, and where they would not fit in memory. */
const readRows = async (set: DataSet): Promise<Read> => {
  const size = set.shape.reduce((product, side) => product * side, 1)
  const needed = set.rows * size * 4
  if (2 * needed > totalmem())
    throw new BartizanError(
      'DATA_SHAPE_MISMATCH',
      `${set.path}: ${set.rows} rows of ${size} values need ${Math.ceil((2 * needed) / 2 ** 30)} GiB of memory to be screened`,
      { hint: 'screen a part of the file at a time', data: { rows: set.rows, size } },
    )
  const x = new Float32Array(set.rows * size)
  const labels = set.hasLabels ? new Int32Array(set.rows) : undefined
  for await (const batch of set.batches(1024)) {
    x.set(batch.x as Float32Array, batch.from * size)
    if (batch.y) labels?.set(batch.y, batch.from)
  }
  const bad = x.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0)
    throw new BartizanError(
      'DATA_OUT_OF_RANGE',
      `${set.place(Math.floor(bad / size), bad % size)} of ${set.path} is ${x[bad]}: it can't be compared with others`,
      { hint: 'fill, correct or remove this row first', data: { row: Math.floor(bad / size) } },
    )
  return { set, x, labels }
}

const seen: ProgramSpec = {
  key: 'penultimate features and logits',
  inputs: {},
  build: (builder) => ({ features: featuresOf(builder).value, logits: builder.logits }),
}

const rowsAtOnce = 1024

/** Features and logits of rows in memory. */
export const stateOf = async (model: Classifier, x: Float32Array, rows: number) => {
  const program = await model.program(seen)
  const size = x.length / rows
  let features = new Float32Array(0)
  let width = 0
  const logits = new Float32Array(rows * model.classes)
  for (let from = 0; from < rows; from += rowsAtOnce) {
    const to = Math.min(rows, from + rowsAtOnce)
    const piece = await program.run(to - from, { x: x.subarray(from * size, to * size) })
    if (from === 0) {
      width = piece.features!.length / (to - from)
      features = new Float32Array(rows * width)
    }
    features.set(piece.features!, from * width)
    logits.set(piece.logits!, from * model.classes)
  }
  return { features: { values: features, width }, logits }
}

/** The text of one column, or of a file's only column, a row each; NULL is its own source. */
const columnTexts = (path: string, name: string): Promise<readonly string[]> =>
  withTable(path, async (table) => {
    const texts: string[] = []
    for await (const chunk of streamed(table, `SELECT CAST(${identifier(name)} AS VARCHAR) FROM ${table.relation.sql}`))
      for (const [value] of chunk) texts.push(value === null ? '(none)' : String(value))
    return texts
  })

const sourceTexts = async (data: string, sources: string): Promise<readonly string[]> => {
  const own = await tableColumns(data)
  if (own?.some(({ name }) => name === sources)) return columnTexts(data, sources)
  const columns = await tableColumns(sources).catch((error: unknown) => {
    throw new BartizanError('USAGE', `--sources ${sources} is neither a column of ${data} nor a file`, { cause: error })
  })
  if (columns?.length === 1) return columnTexts(sources, columns[0]!.name)
  if (columns)
    throw new BartizanError(
      'USAGE',
      `--sources ${sources} has ${columns.length} columns, expected one: the source of each row`,
    )
  const set = await openData({ path: sources })
  try {
    const { x } = await readRows(set)
    return Array.from(x, String)
  } finally {
    await set.close()
  }
}

const numbered = (texts: readonly string[], rows: number, flag: string) => {
  if (texts.length !== rows)
    throw new BartizanError('DATA_SHAPE_MISMATCH', `${flag} names ${texts.length} sources for ${rows} rows`)
  const names = [...new Set(texts)].sort()
  const index = new Map(names.map((name, i) => [name, i]))
  return { sources: Int32Array.from(texts, (text) => index.get(text)!), sourceNames: names }
}

/** Feature columns of a table: all numbers but the label and the source, unless they are named. */
const columnsOf = async ({ data, columns, label, sources }: ScreenInputs): Promise<readonly string[] | undefined> => {
  if (columns || sources === undefined) return columns
  const found = await tableColumns(data)
  if (!found?.some(({ name }) => name === sources)) return columns
  return found.filter(({ name, numeric }) => numeric && name !== label && name !== sources).map(({ name }) => name)
}

export interface OpenedScreening {
  readonly context: Omit<ScreenContext, 'random' | 'progress'>
  readonly set: DataSet
  readonly model?: Classifier
  close(): Promise<void>
}

/** Opens and reads all that the screens may want. */
export const openScreening = async (inputs: ScreenInputs): Promise<OpenedScreening> => {
  const opened: (() => Promise<void>)[] = []
  const close = async (): Promise<void> => {
    for (const release of opened.splice(0).reverse()) await release()
  }
  const rowsOf = async (path: string, labels: string | undefined, like?: readonly number[]): Promise<Read> => {
    const { label, scale } = inputs
    const set = await openData({ path, labels, label, scale, columns: await columnsOf(inputs) })
    opened.push(set.close)
    return readRows(like === undefined ? set : viewAs(set, like))
  }
  const openModel = async (path: string): Promise<Classifier> => {
    const model = await openClassifier(path, openingFrom({ ...inputs, range: [0, 1] }))
    opened.push(model.release)
    return model
  }
  try {
    const model = inputs.model === undefined ? undefined : await openModel(inputs.model)
    const { set, x, labels } = await rowsOf(inputs.data, inputs.labels, model?.input.dims)
    const rows = set.rows
    if (rows === 0) throw new BartizanError('DATA_SHAPE_MISMATCH', `${set.path} has no rows to screen`)
    const most = labels?.reduce((largest, label) => Math.max(largest, label), 0) ?? 0
    if (model && most >= model.classes)
      throw new BartizanError(
        'DATA_LABEL_INVALID',
        `${set.path} has the label ${most}, and the model ${model.classes} classes`,
      )
    const state = model && (await stateOf(model, x, rows))
    const checkpoints = []
    for (const path of inputs.checkpoints ?? []) checkpoints.push(await stateOf(await openModel(path), x, rows))
    const trusted =
      inputs.trusted === undefined ? undefined : await rowsOf(inputs.trusted, inputs.trustedLabels, set.shape)
    if (trusted && !trusted.labels)
      throw new BartizanError('DATA_LABEL_INVALID', `${trusted.set.path} has no labels: trusted rows need them`, {
        hint: 'name a file with --trusted-labels',
      })
    return {
      set,
      model,
      close,
      context: {
        x,
        rows,
        size: x.length / rows,
        labels,
        classes: model?.classes ?? most + 1,
        ...state,
        ...(checkpoints.length > 0 && { checkpoints }),
        model,
        ...(inputs.sources !== undefined &&
          numbered(await sourceTexts(inputs.data, inputs.sources), rows, '--sources')),
        ...(trusted?.labels && { trusted: { x: trusted.x, labels: trusted.labels } }),
        falseDiscoveryRate: inputs.fdr,
      },
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** The random numbers of one screen. */
export const randomFor =
  (seed: number, id: string): ScreenContext['random'] =>
  (...key) =>
    stream(seed, id, ...key)
