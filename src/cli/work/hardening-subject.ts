import type { HardenRequest } from '../../assessment/hardening/request.ts'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import type { RowRange } from '../../contract/index.ts'
import type { DataSet } from '../../data/index.ts'
import { openLabels } from '../../data/open.ts'
import { type Classifier, classifierFrom } from '../../models/classifier.ts'
import { writeModel } from '../../onnx/index.ts'
import { buildArchitecture, parseArchitecture } from '../../training/architecture/index.ts'
import {
  demandClasses,
  demandLabels,
  openingFrom,
  openRows,
  rowsFor,
  type SubjectFlags,
  subjectFromFlags,
  subjectOf,
} from './subject.ts'

/** What the flags say of the model to begin with, and of the rows. */
export interface HardeningSubjectFlags extends Omit<SubjectFlags, 'model'> {
  readonly model?: string
  readonly architecture?: string
  readonly sources?: string
  readonly test?: string
  readonly testLabels?: string
  readonly testRows?: RowRange
  readonly seed: number
}

export type HardeningSubject = Pick<HardenRequest, 'model' | 'opening' | 'architecture' | 'data' | 'test' | 'input'> & {
  close(): Promise<void>
}

/** Opens the model, or builds an untrained one, and all rows in the shape that it wants; the caller closes them. */
export const hardeningSubject = async (flags: HardeningSubjectFlags): Promise<HardeningSubject> => {
  const { model, architecture, test } = flags
  if ((model === undefined) === (architecture === undefined))
    throw new BartizanError(
      'USAGE',
      model === undefined ? 'there is no model to begin with' : '--model and --architecture were both given',
      { hint: 'give --model FILE to go on from a file, or --architecture LAYERS to begin from nothing' },
    )
  if (test === undefined && (flags.testLabels !== undefined || flags.testRows !== undefined))
    throw new BartizanError('USAGE', '--test-labels and --test-rows go with --test')
  const subject =
    model === undefined
      ? await untrained(architecture!, { ...flags, model: 'untrained' })
      : await subjectFromFlags({ ...flags, model })
  try {
    demandClasses(subject.model, 'training')
    demandLabels(subject, 'training needs them')
    const tested = test === undefined ? undefined : await testRows(subject.model, { ...flags, test })
    return {
      model: subject.model,
      opening: openingFrom(flags),
      ...(architecture !== undefined && { architecture }),
      data: {
        set: subject.set,
        path: flags.data,
        labels: flags.labels,
        ...(flags.sources !== undefined && { sources: await rowSources(flags.sources, subject.set) }),
      },
      ...(tested && { test: { set: tested, path: test!, labels: flags.testLabels } }),
      input: subject.input,
      async close() {
        await tested?.close()
        await subject.close()
      },
    }
  } catch (error) {
    await subject.close()
    throw error
  }
}

/** Where each row comes from. Throws DATA_SHAPE_MISMATCH where the file doesn't name as many sources as there are rows. */
const rowSources = async (path: string, set: DataSet) => {
  const file = await openLabels(path, undefined)
  try {
    if (file.rows < set.offset + set.rows)
      throw new BartizanError(
        'DATA_SHAPE_MISMATCH',
        `${path} names ${file.rows} sources, the data has ${set.offset + set.rows} rows`,
      )
    const of = await file.read(set.offset, set.offset + set.rows)
    const names =
      file.classes ?? Array.from({ length: of.reduce((a, b) => Math.max(a, b), 0) + 1 }, (_, id) => String(id))
    return { path, of, names }
  } finally {
    await file.close()
  }
}

const testRows = async (
  model: Classifier,
  { test, testLabels, testRows, ...flags }: HardeningSubjectFlags & { readonly test: string },
): Promise<DataSet> => {
  const set = await rowsFor(model, { ...flags, data: test, labels: testLabels, rows: testRows })
  if (set.hasLabels) return set
  await set.close()
  throw new BartizanError('DATA_LABEL_INVALID', `${set.path} has no labels, and an assessment needs them`, {
    hint: 'name a file with --test-labels FILE, or a column of both tables with --label COLUMN',
  })
}

/** An untrained network for the rows; the number of classes is one more than the largest label. */
const untrained = async (architecture: string, flags: SubjectFlags & { readonly seed: number }) => {
  const layers = parseArchitecture(architecture)
  const set = await openRows(flags, 'float32')
  let source: ReturnType<typeof buildArchitecture>
  try {
    demandLabels({ set }, 'training needs them')
    source = buildArchitecture(layers, {
      input: flags.shape ?? pictured(set.shape),
      classes: await classesOf(set),
      seed: flags.seed,
    })
  } finally {
    await set.close()
  }
  const bytes = writeModel(source)
  const model = await classifierFrom(source, {
    ...openingFrom(flags),
    path: 'untrained network',
    sha256: sha256(bytes),
  })
  try {
    return await subjectOf(model, flags)
  } catch (error) {
    await model.release()
    throw error
  }
}

/** Rows of two axes are pictures of one channel. */
export const pictured = (shape: readonly number[]): readonly number[] => (shape.length === 2 ? [1, ...shape] : shape)

const rowsAtOnce = 1024

/** One more than the largest label, or as many as are named. */
export const classesOf = async (set: DataSet): Promise<number> => {
  let most = -1
  for await (const { y } of set.batches(rowsAtOnce)) most = y!.reduce((a, b) => Math.max(a, b), most)
  return Math.max(set.classes?.length ?? 0, most + 1)
}
