import { stat } from 'node:fs/promises'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { writeTextAtomically } from '../../data/index.ts'
import { inferSchema } from '../../screening/validation/index.ts'
import type { Inferred } from '../text/validation-text.ts'
import { checkOutputs } from './outputs.ts'

export interface InferFlags {
  readonly out: string
  readonly force: boolean
  readonly threads: number
}

/** Infers a schema and writes it; never over a reviewed one without --force. */
export const runInference = async (file: string, { out, force, threads }: InferFlags): Promise<Inferred> => {
  const isThere = (await stat(out).catch(() => undefined)) !== undefined
  if (isThere && !force)
    throw new BartizanError('USAGE', `${out} is already there`, {
      hint: 'name another file with --out, or give --force to overwrite it',
      data: { path: out },
    })
  await checkOutputs({ FILE: file }, { '--out': out })
  const { text, rows, columns, sha256: dataset } = await inferSchema(file, threads)
  await writeTextAtomically(out, text)
  return { schema: { path: out, sha256: sha256(text) }, dataset: { path: file, sha256: dataset }, rows, columns }
}
