import type { LetThrough } from '../../assessment/hardening/request.ts'
import { BartizanError } from '../../base/errors.ts'
import { splitPart } from '../../data/open.ts'
import { readVerifier } from '../../evidence/index.ts'
import { loadSchema, requireValidated } from '../../screening/validation/index.ts'

export interface GateFlags {
  /** The schema that must have been used, or true for any. */
  readonly requireValidated?: string | true
  readonly labelsSchema?: string
  /** Seconds. */
  readonly validatedWithin?: number
  readonly refuseWarnings: boolean
  readonly trustedKey: readonly string[]
}

/** What a run reads: rows, and files of labels. */
export interface GatedFiles {
  readonly data: string
  readonly labels?: string
  readonly test?: string
  readonly testLabels?: string
}

/**
 * The training gate: every file of data was validated with a pass that counts, or nothing begins. Gives what each passed
 * on; nothing where no gate was asked for. Throws EVIDENCE_INVALID with the reason, USAGE, FILE_NOT_FOUND.
 */
export const letThrough = async (files: GatedFiles, flags: GateFlags, root: string): Promise<readonly LetThrough[]> => {
  const { requireValidated: wanted, labelsSchema, validatedWithin, refuseWarnings, trustedKey } = flags
  if (wanted === undefined) {
    refuseWithoutGate(flags)
    return []
  }
  const schema = wanted === true ? undefined : wanted
  const policy = {
    root,
    ...(validatedWithin !== undefined && { maxAge: validatedWithin }),
    allowWarnings: !refuseWarnings,
    ...(trustedKey.length > 0 && { trusted: trustedKey.map((file) => readVerifier(file)) }),
  }
  const passed: LetThrough[] = []
  for (const [path, schemaFile] of [
    [files.data, schema],
    [files.test, schema],
    [files.labels, labelsSchema ?? schema],
    [files.testLabels, labelsSchema ?? schema],
  ]) {
    if (path === undefined) continue
    const { file } = await splitPart(path)
    const { sha256, evidence, evidencePath } = await requireValidated(file, {
      ...policy,
      ...(schemaFile !== undefined && { schemaFile, schemaSha256: (await loadSchema(schemaFile, file)).sha256 }),
    })
    passed.push({ path: file, sha256, evidence: { path: evidencePath, sha256: evidence } })
  }
  return passed
}

const refuseWithoutGate = ({ labelsSchema, validatedWithin, refuseWarnings, trustedKey }: GateFlags): void => {
  const given = [
    ...(labelsSchema === undefined ? [] : ['--labels-schema']),
    ...(validatedWithin === undefined ? [] : ['--validated-within']),
    ...(refuseWarnings ? ['--refuse-warnings'] : []),
    ...(trustedKey.length === 0 ? [] : ['--trusted-key']),
  ]
  if (given.length > 0)
    throw new BartizanError('USAGE', `without --require-validated there is no gate for ${given.join(' and ')}`)
}
