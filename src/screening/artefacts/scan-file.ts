import { basename, dirname } from 'node:path'
import { isBartizanError } from '../../base/errors.ts'
import type { ScanFinding, Unscanned } from '../../contract/scan-result.ts'
import { type Content, fileContent } from './content.ts'
import { type Artefact, describePlace, type Place, type ScanContext } from './context.ts'
import { limits } from './limits.ts'
import { type RuleId, rules } from './rules.ts'
import { scanArtefact } from './scan-artefact.ts'

export interface FileScan {
  readonly findings: readonly ScanFinding[]
  readonly unscanned: readonly Unscanned[]
}

export interface ScanFileOptions {
  /** Whether the user vouches for an import. */
  readonly allows: (name: string) => boolean
  /** Inflated bytes of one member, and of the file in all. */
  readonly inflated?: { readonly member: number; readonly file: number }
}

/** Gathers what is found in one file; the same finding at the same place counts once, and floods are cut. */
const gather = (file: string) => {
  const findings: ScanFinding[] = []
  const unscanned: Unscanned[] = []
  const counts = new Map<RuleId, number>()
  const seen = new Set<string>()
  const isNew = (key: string): boolean => {
    if (seen.has(key)) return false
    seen.add(key)
    return true
  }
  return {
    unscanned,
    report(rule: RuleId, place: Place, message: string) {
      const where = describePlace(place)
      const count = counts.get(rule) ?? 0
      if (count > limits.findingsPerRule || !isNew(`${rule}\n${where}\n${message}`)) return
      counts.set(rule, count + 1)
      const { severity, hint } = rules[rule]
      const isCut = count === limits.findingsPerRule
      findings.push({
        file,
        rule,
        severity,
        where: isCut ? '' : where,
        ...(place.line !== undefined && place.artefact.trail.length === 0 && { line: place.line }),
        message: isCut ? `there are more than ${count} findings of this rule` : message,
        hint,
      })
    },
    skip({ trail }: Artefact, reason: string) {
      const where = trail.join(' > ')
      if (unscanned.length < limits.findingsPerRule && isNew(`unscanned\n${where}\n${reason}`))
        unscanned.push({ file, ...(where && { where }), reason })
    },
    findings,
  }
}

/** Inspects a content as if it were the file `name` (relative, for the result) in `folder` (absolute). */
export const scanContent = async (
  content: Content,
  name: string,
  folder: string,
  { allows, inflated = { member: limits.inflatedMember, file: limits.inflatedFile } }: ScanFileOptions,
): Promise<FileScan> => {
  const gathered = gather(name)
  let left = inflated.file
  const whole: Artefact = { content, name: basename(name), trail: [] }
  const context: ScanContext = {
    allows,
    folder,
    report: gathered.report,
    unscanned: gathered.skip,
    mayInflate: () => Math.min(left, inflated.member),
    spend(bytes) {
      left = Math.max(0, left - bytes)
      const ratio = (inflated.file - left) / Math.max(1, content.size)
      if (left === 0 && ratio > limits.bombRatio)
        gathered.report(
          'archive-bomb',
          { artefact: whole },
          `${content.size} bytes inflate to ${Math.round(ratio)} times as many, and more`,
        )
    },
    descend: (artefact) => guarded(artefact, context),
  }
  await guarded(whole, context)
  return { findings: gathered.findings, unscanned: gathered.unscanned }
}

/** Damage ends the look at a part, not the scan. Whatever else is thrown is a fault of ours: never a pass either. */
const guarded = async (artefact: Artefact, context: ScanContext): Promise<void> => {
  try {
    await scanArtefact(artefact, context)
  } catch (error) {
    if (isBartizanError(error)) return context.unscanned(artefact, error.message)
    const why = error instanceof Error ? error.message : String(error)
    context.unscanned(artefact, `the scanner failed: ${why}`)
  }
}

/** Inspects the file at `path` without loading or running anything. */
export const scanFile = async (path: string, name: string, options: ScanFileOptions): Promise<FileScan> => {
  const content = fileContent(path)
  try {
    return await scanContent(content, name, dirname(path), options)
  } finally {
    content.close()
  }
}
