import { BartizanError } from '../../../base/errors.ts'
import {
  type ValidationState,
  validationStateSchema,
  validationStateVersion,
} from '../../../contract/validation-state.ts'
import { literal, pathLiteral } from '../../../data/formats/duckdb.ts'
import type { ScanEngine } from '../engine.ts'
import { seal, unsealed } from './sealed-state.ts'

/** What a state says, but for what every state says. */
export type StateContent = Omit<ValidationState, 'kind' | 'stateVersion' | 'sha256'>

const metadataKey = 'bartizan'

/** Writes a state: its rows by `select`, what it says in the metadata, and its digest. The engine may write to `draft`. */
export const writeState = async (
  engine: ScanEngine,
  draft: string,
  select: string,
  content: StateContent,
): Promise<void> => {
  const state = validationStateSchema.parse({
    // These come first, where the digest is looked for.
    kind: 'bartizan-validation-state',
    stateVersion: validationStateVersion,
    sha256: unsealed,
    ...content,
  })
  const metadata = `KV_METADATA {${metadataKey}: ${literal(JSON.stringify(state))}}`
  await engine.rows(
    `COPY (${select}) TO ${literal(draft)} (FORMAT parquet, COMPRESSION zstd, ${metadata}, USE_TMP_FILE false)`,
  )
  await seal(draft)
}

/** What a state says; its digest has been checked. Throws DATA_CORRUPT. */
export const readState = async (engine: ScanEngine, path: string, named: string): Promise<ValidationState> => {
  const [row] = await engine.rows(
    `SELECT decode(value) AS text FROM parquet_kv_metadata(${pathLiteral(path)}) WHERE decode(key) = ${literal(metadataKey)}`,
  )
  const parsed = validationStateSchema.safeParse(parsedJson(String(row?.text)))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new BartizanError(
    'DATA_CORRUPT',
    `${named} is no state that this version reads, at ${issue?.path.join('.') || 'its top'}: ${issue?.message}`,
    { hint: 'validate the part again with this version', data: { path: named } },
  )
}

const parsedJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
