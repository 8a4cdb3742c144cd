import { sha256 } from '../../base/canonical-json.ts'
import type { Hardening } from '../../contract/index.ts'
import { contentDigest, type DataSet, fileDigest } from '../../data/index.ts'
import { openRowStore, type RowStore, subsetOf } from '../../training/row-store.ts'
import { chosenRows } from './chosen-rows.ts'
import { divide, sampleOf } from './division.ts'
import type { HardenRequest, NamedRows } from './request.ts'

/** Every row in its part, and what the report says of them. */
export interface HardeningRows {
  readonly training: RowStore
  readonly validation: RowStore
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
  { data, test, model, attackRows, seed, named }: HardenRequest,
  store: RowStore,
  testStore: RowStore | undefined,
): Promise<Omit<HardeningRows, 'close'>> => {
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
    assessed,
    attacked: assessment(sample.map((row) => division.assessment[row]!)),
    digest: sha256(Object.values(digests).join(' ')),
    info: {
      classes: model.classes,
      training: {
        ...(await filesOf(data, named)),
        rows: division.training.length,
        contentSha256: digests.training,
      },
      validation: { rows: division.validation.length },
      assessment: { ...(await filesOf(from, named)), rows: assessed.rows, contentSha256: digests.assessment },
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

const filesOf = async ({ path, labels }: NamedRows, named: (path: string) => string) => ({
  path: named(path),
  sha256: await fileDigest(path),
  ...(labels !== undefined && { labels: { path: named(labels), sha256: await fileDigest(labels) } }),
})
