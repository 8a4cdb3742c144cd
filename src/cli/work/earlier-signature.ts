import { readFile } from 'node:fs/promises'
import { BartizanError } from '../../base/errors.ts'
import type { ModelSignature } from '../../contract/signing.ts'
import { statInput } from '../../data/files.ts'
import { readIfPresent } from '../../evidence/durable-file.ts'
import {
  type EarlierModel,
  type ModelSigner,
  type Reuse,
  readEarlierModel,
} from '../../evidence/model-signing/index.ts'
import { requireBelow } from './model-path.ts'

/** Where the states of files are kept beside a signature. */
export const statesFile = (signature: string): string => `${signature}.states`

/** There any program can set every time of a file, the change time too: they show nothing. */
const areTimesSettable = (): boolean => process.platform === 'win32'

export interface EarlierFlags {
  readonly out: string
  readonly keepStates: boolean
  readonly changedFrom?: string
  readonly rehash: readonly string[]
}

/** The file that states are to be kept in; who signs by what changed will want to again. Throws USAGE. */
export const wantedStates = ({ out, keepStates, changedFrom }: EarlierFlags): string | undefined => {
  if (!areTimesSettable()) return keepStates || changedFrom !== undefined ? statesFile(out) : undefined
  if (!keepStates) return undefined
  throw new BartizanError(
    'USAGE',
    '--keep-states shows nothing on Windows, where programs can set all times of a file',
    {
      hint: 'sign without it; --changed-from with --rehash takes your word instead',
    },
  )
}

/** The signature that --changed-from names, verified. Throws USAGE, FILE_NOT_FOUND and EVIDENCE_INVALID. */
export const readEarlier = async (
  { changedFrom, rehash }: EarlierFlags,
  signer: ModelSigner,
): Promise<EarlierModel | undefined> => {
  if (changedFrom === undefined) {
    if (rehash.length > 0) throw new BartizanError('USAGE', '--rehash needs --changed-from')
    return undefined
  }
  await statInput(changedFrom)
  const record = areTimesSettable() ? undefined : readIfPresent(statesFile(changedFrom))
  const earlier = readEarlierModel(await readFile(changedFrom), record, signer)
  return rehash.length === 0
    ? earlier
    : { ...earlier, rehash: rehash.map((written) => requireBelow('--rehash', written)) }
}

export const reuseResult = (signature: string | undefined, reuse: Reuse | undefined): ModelSignature['changedFrom'] =>
  signature === undefined || reuse === undefined ? null : { signature, ...reuse, problem: reuse.problem ?? null }
