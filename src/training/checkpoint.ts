import { stat } from 'node:fs/promises'
import { canonicalJson } from '../base/canonical-json.ts'
import { BartizanError } from '../base/errors.ts'
import { readNpz, writeNpz } from '../data/index.ts'
import type { Arrays } from './gradient-step.ts'

/** Everything that a run needs to go on as if it had not been stopped. */
export interface Checkpoint<P> {
  /** Digest of what the run was asked to do: a checkpoint continues no other run. */
  readonly run: string
  /** Counters and records, JSON values only. */
  readonly progress: P
  /** By kind: weights, slots, the best weights so far. */
  readonly arrays: Readonly<Record<string, Arrays>>
}

const header = 'checkpoint.json'

/** One file, complete or not there: a run that is killed while it writes leaves the one before. Throws FILE_UNWRITABLE. */
export const saveCheckpoint = async <P>(path: string, { run, progress, arrays }: Checkpoint<P>): Promise<void> => {
  const kinds = Object.fromEntries(Object.entries(arrays).map(([kind, values]) => [kind, [...values.keys()]]))
  const text = new TextEncoder().encode(canonicalJson({ version: 1, run, kinds, progress }))
  const flat = (data: Float32Array) => ({ dtype: 'float32', shape: [data.length], data }) as const
  await writeNpz(path, {
    [header]: { dtype: 'uint8', shape: [text.length], data: text },
    ...Object.fromEntries(
      Object.entries(arrays).flatMap(([kind, values]) =>
        [...values].map(([name, data]) => [`${kind}/${name}`, flat(data)]),
      ),
    ),
  })
}

/**
 * The checkpoint of this run, or undefined where there is none. Throws RUN_CONFLICT for another run's, DATA_CORRUPT for
 * a file that is no checkpoint.
 */
export const loadCheckpoint = async <P>(path: string, run: string): Promise<Checkpoint<P> | undefined> => {
  if (!(await stat(path).catch(() => undefined))) return undefined
  const arrays = await readNpz(path)
  const text = arrays[header]?.data
  if (!(text instanceof Uint8Array))
    throw new BartizanError('DATA_CORRUPT', `${path} is not a checkpoint of a training run`)
  const { kinds, ...rest } = JSON.parse(new TextDecoder().decode(text)) as {
    run: string
    kinds: Record<string, string[]>
    progress: P
  }
  if (rest.run !== run)
    throw new BartizanError('RUN_CONFLICT', `${path} belongs to a run with another model, other data or settings`, {
      hint: 'go on with the same command line, or remove the checkpoint to begin anew',
    })
  return {
    run,
    progress: rest.progress,
    arrays: Object.fromEntries(
      Object.entries(kinds).map(([kind, names]) => [
        kind,
        new Map(names.map((name) => [name, arrays[`${kind}/${name}`]!.data as Float32Array])),
      ]),
    ),
  }
}
