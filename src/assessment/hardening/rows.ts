import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import type { Hardening } from '../../contract/index.ts'
import { contentDigest, type DataSet, fileDigest } from '../../data/index.ts'
import { splitPart } from '../../data/open.ts'
import type { RowSources } from '../../defenses/partition/index.ts'
import { openRowStore, type RowStore, subsetOf } from '../../training/row-store.ts'
import { chosenRows } from './chosen-rows.ts'
import { type Division, divide, sampleOf } from './division.ts'
import type { HardenRequest, NamedRows } from './request.ts'

/** Every row in its part, and what the report says of them. */
export interface HardeningRows {
  readonly training: RowStore
  readonly validation: RowStore
  /** Of the rows to train on, then of those to validate on. */
  readonly sources?: RowSources
  readonly assessed: DataSet
  /** Those of the assessment that are attacked. */
  readonly attacked: DataSet
  readonly info: Hardening['data']
  /** Digest of all rows, by their parts. */
  readonly digest: string
  readonly notes: readonly string[]
  close(): Promise<void>
}

/** Reads the rows once, checks every value and label, and divides them. */
export const openHardeningRows = async (request: HardenRequest): Promise<HardeningRows> => {
  const { data, test, model, input } = request
  const [low, high] = input.range
  const options = { classes: model.classes, low, high }
  const store = await openRowStore(data.set, options)
  try {
    const testStore = test && (await openRowStore(test.set, options))
    try {
      const parts = await partsOf(request, store, testStore)
      return {
        ...parts,
        async close() {
          await testStore?.close()
          await store.close()
        },
      }
    } catch (error) {
      await testStore?.close()
      throw error
    }
  } catch (error) {
    await store.close()
    throw error
  }
}

const partsOf = async (
  request: HardenRequest,
  store: RowStore,
  testStore: RowStore | undefined,
): Promise<Omit<HardeningRows, 'close'>> => {
  const { data, test, model, attackRows, seed, named } = request
  const division = await divide(store, testStore, seed)
  const from = test ?? data
  const assessment = (at: Int32Array): DataSet => chosenRows(from.set, testStore ?? store, at)
  const assessed = assessment(division.assessment)
  const sample = sampleOf(division.assessment.length, attackRows, seed)
  const digests = {
    training: await contentDigest(chosenRows(data.set, store, division.training)),
    validation: await contentDigest(chosenRows(data.set, store, division.validation)),
    assessment: await contentDigest(assessed),
  }
  const held = test === undefined
  return {
    training: subsetOf(store, division.training),
    validation: subsetOf(store, division.validation),
    ...(data.sources && { sources: sourcesOf(data.sources, division) }),
    assessed,
    attacked: assessment(sample.map((row) => division.assessment[row]!)),
    digest: sha256(Object.values(digests).join(' ')),
    info: {
      classes: model.classes,
      training: {
        ...(await filesOf(data, request)),
        rows: division.training.length,
        contentSha256: digests.training,
      },
      validation: { rows: division.validation.length },
      assessment: { ...(await filesOf(from, request)), rows: assessed.rows, contentSha256: digests.assessment },
      heldOut: held,
      attacked: sample.length,
    },
    notes: [
      ...(held
        ? [
            `${assessed.rows} rows of ${named(data.path)}, the same share of every class, were kept for the assessment: nothing was trained on them.`,
          ]
        : []),
      ...(division.repeated > 0
        ? [`${division.repeated} rows to train on equal rows of the assessment and were left out of the training.`]
        : []),
    ],
  }
}

const sourcesOf = ({ of, names }: RowSources, { training, validation }: Division): RowSources => ({
  of: Int32Array.from([...training, ...validation], (row) => of[row]!),
  names,
})

const filesOf = async ({ path, labels }: NamedRows, request: HardenRequest) => ({
  ...(await fileOf(path, request)),
  ...(labels !== undefined && { labels: await fileOf(labels, request) }),
})

/** The file itself, also where a part of it was named. Throws EVIDENCE_INVALID where it is not what a gate let through. */
const fileOf = async (
  path: string,
  { named, validated = [] }: HardenRequest,
): Promise<{ path: string; sha256: string }> => {
  const { file } = await splitPart(path)
  const digest = await fileDigest(file)
  const passed = validated.find((each) => each.path === file)
  if (passed !== undefined && passed.sha256 !== digest)
    throw new BartizanError('EVIDENCE_INVALID', `${file} was changed after it was let through`, {
      hint: 'begin anew, and let nothing write to the file meanwhile',
      data: { path: file, validated: passed.sha256, sha256: digest },
    })
  return { path: named(file), sha256: digest }
}
