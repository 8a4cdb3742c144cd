import type { Changes } from '../../contract/data-record.ts'
import type { Validation } from '../../contract/validation.ts'
import { nameIn, sourceOf } from './commitments.ts'
import { commandLine, fileParam, recordStep } from './step-record.ts'

interface PartsFlags {
  readonly project: string
  readonly schema: string
  readonly reference?: string
  readonly quarantine?: string
  readonly passed?: string
}

/** Checks that put rows at fault, with how many each: those of the whole table have no rows to show. */
const changesOf = ({ rows, checks, examples }: Validation): Changes => {
  const shown = new Set(examples.map(({ check }) => check))
  return {
    rows: { in: rows.in, out: rows.passed, dropped: rows.quarantined },
    rules: checks.flatMap(({ id, verdict, severity, measured }) =>
      verdict === 'failed' && severity !== 'warning' && shown.has(id) && Number.isInteger(measured)
        ? [{ rule: id, action: 'quarantine', rows: Number(measured) }]
        : [],
    ),
  }
}

/**
 * Records the rows that a validation parted, at fault and passed, as made from the data; nothing where neither was
 * written. `result` names files as the project does, `file` and the flags as the user did. Throws what `recordStep` throws.
 */
export const recordParts = async (
  result: Validation,
  file: string,
  { project, schema, reference, quarantine, passed }: PartsFlags,
): Promise<{ readonly path: string; readonly sha256: string } | undefined> => {
  const outputs = [quarantine, passed].filter((path) => path !== undefined)
  if (outputs.length === 0) return undefined
  const flag = (name: string, path: string | undefined) => (path === undefined ? [] : [name, nameIn(project, path)])
  const record = await recordStep({
    project,
    step: 'validate',
    materials: [await sourceOf(project, { path: file, sha256: result.dataset.sha256 })],
    outputs,
    command: commandLine([
      ...['bartizan', 'data', 'validate', nameIn(project, file)],
      ...flag('--schema', schema),
      ...flag('--reference', reference),
      ...flag('--quarantine', quarantine),
      ...flag('--passed', passed),
    ]),
    params: { schema: fileParam(project, { path: schema, sha256: result.schema.sha256 }) },
    changes: changesOf(result),
  })
  return record && { path: record.path, sha256: record.sha256 }
}
