import { BartizanError } from '../../../base/errors.ts'
import type { Config } from '../../../contract/index.ts'
import { contentDigest, openData, viewAs } from '../../../data/index.ts'
import type { LabelledRows } from '../../../threat/poisoning.ts'
import { openRowStore } from '../../../training/row-store.ts'
import { chosenRows } from '../../hardening/chosen-rows.ts'
import { sampleOf } from '../../hardening/division.ts'
import type { FileSubject } from '../../opened-subject.ts'
import { sampledRows } from '../sampled-rows.ts'

/** Rows that copies learn from and are judged on, all in memory. */
export interface PoisoningRows {
  readonly training: LabelledRows
  readonly judged: LabelledRows
  /** Of the values and labels of the training rows. */
  readonly sha256: string
  /** Rows of the file, of which `training` may be a sample. */
  readonly given: number
}

/** Copies are small: more rows cost time and hardly change how an attack does at a share of them. */
const defaultRows = 5000
const judgedRows = 2000
/** Bytes that the rows of one copy may have: clean and poisoned ones lie in memory together. */
const mostBytes = 2 ** 30

/**
 * The rows of `training`, or a sample of them, and those of `data` to judge on. Throws DATA_LABEL_INVALID,
 * DATA_OUT_OF_RANGE, CONFIG_INVALID where they don't fit into memory, and whatever reading throws.
 */
export const openPoisoningRows = async (
  training: NonNullable<Config['training']>,
  poisoning: Config['poisoning'],
  { file: model, set, input }: FileSubject & { readonly file: NonNullable<FileSubject['file']> },
  seed: number,
): Promise<PoisoningRows> => {
  const [low, high] = input.range
  const wanted = poisoning?.rows ?? training.rows ?? defaultRows
  const opened = await openData({ ...training.data, labelsAs: 'classes', as: 'float32' })
  try {
    if (!opened.hasLabels)
      throw new BartizanError('DATA_LABEL_INVALID', `${training.data.path} has no labels, and copies learn from them`, {
        hint: 'name a labels file (training.data.labels, --training-labels) or a column (training.data.label)',
      })
    const all = viewAs(opened, model.input.dims)
    const bytes = Math.min(wanted, all.rows) * model.size * 4
    if (bytes > mostBytes)
      throw new BartizanError(
        'CONFIG_INVALID',
        `${Math.min(wanted, all.rows)} training rows need ${Math.ceil(bytes / 2 ** 20)} MiB a copy; at most ${mostBytes / 2 ** 20} are used`,
        { hint: 'set poisoning.rows to fewer rows: copies are trained on a sample' },
      )
    const store = await openRowStore(all, { classes: model.classes, low, high })
    try {
      const at = sampleOf(store.rows, wanted, seed)
      if (at.length === 0)
        throw new BartizanError('DATA_SHAPE_MISMATCH', `${training.data.path} has no rows to learn from`)
      const x = new Float32Array(at.length * store.size)
      await store.gather(at, x)
      return {
        training: { x, labels: at.map((row) => store.labels[row]!) },
        judged: await sampledRows(set, judgedRows, seed),
        sha256: await contentDigest(chosenRows(all, store, at)),
        given: store.rows,
      }
    } finally {
      await store.close()
    }
  } finally {
    await opened.close()
  }
}
