import { statSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { systemCode } from '../../base/system-error.ts'
import type { Severity } from '../../contract/index.ts'
import { type ScanFinding, type ScanResult, scanResultSchema, type Unscanned } from '../../contract/scan-result.ts'
import { canonicalModule, isDangerousImport } from './pickle/dangerous-imports.ts'
import { atLeast, rules, severities } from './rules.ts'
import { scanFile } from './scan-file.ts'
import { listFiles, type Skipped, singleFile } from './walk.ts'

export interface ScanOptions {
  /** Findings of this severity or worse fail the scan. */
  readonly failOn: Severity
  /** Imports, classes and operators that the user vouches for: "package.module.Class", or "package.*". */
  readonly allow?: readonly string[]
  /** Called before each file. */
  readonly onFile?: (name: string, done: number, of: number) => void
}

/**
 * Whether a name is one of those that the user vouches for. Throws USAGE for what no model needs: that would allow
 * anybody to run anything.
 */
const allowList = (allow: readonly string[]): ((name: string) => boolean) => {
  for (const one of allow) {
    const at = one.lastIndexOf('.')
    if (at < 1) throw new BartizanError('USAGE', `--allow is "${one}", expected module.Name or module.*`)
    const [module, name] = [one.slice(0, at), one.slice(at + 1)]
    if (isDangerousImport(canonicalModule(module), name === '*' ? 'anything' : name))
      throw new BartizanError('USAGE', `--allow ${one}: that runs code or reaches files, so it can’t be allowed`, {
        hint: 'allow your own classes only',
        data: { allow: one },
      })
  }
  const exact = new Set(allow)
  const prefixes = allow.filter((one) => one.endsWith('.*')).map((one) => one.slice(0, -1))
  return (name) => exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix))
}

const findingOfLink = ({ name, link }: Skipped): readonly ScanFinding[] => {
  if (link === undefined) return []
  const { severity, hint } = rules['link-outside']
  return [{ file: name, rule: 'link-outside', severity, where: '', message: `it is a link to "${link}"`, hint }]
}

const order = (a: ScanFinding, b: ScanFinding): number =>
  severities.indexOf(a.severity) - severities.indexOf(b.severity) || compare(a.file, b.file) || compare(a.rule, b.rule)

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/**
 * Inspects a file, or all files below a folder, for code that would run on load and other dangers, and judges. Nothing
 * is loaded or run. Passed: everything was looked into and nothing at least as bad as `failOn` was found.
 * Throws FILE_NOT_FOUND, FILE_UNREADABLE, and USAGE for an import that can't be allowed.
 */
export const scanPath = async (path: string, { failOn, allow = [], onFile }: ScanOptions): Promise<ScanResult> => {
  const allows = allowList(allow)
  const isFolder = statSync(path).isDirectory()
  const { files, skipped } = isFolder ? listFiles(resolve(path)) : singleFile(path, basename(path))
  const findings: ScanFinding[] = skipped.flatMap(findingOfLink)
  const unscanned: Unscanned[] = skipped.map(({ name, reason }) => ({ file: name, reason }))
  let bytes = 0
  for (const [done, file] of files.entries()) {
    onFile?.(file.name, done, files.length)
    bytes += file.size
    try {
      const scan = await scanFile(file.path, file.name, { allows })
      findings.push(...scan.findings)
      unscanned.push(...scan.unscanned)
    } catch (error) {
      const code = systemCode(error)
      if (code === undefined) throw error
      unscanned.push({ file: file.name, reason: `it can’t be read (${code})` })
    }
  }
  const failed = findings.some(({ severity }) => atLeast(severity, failOn))
  const isComplete = files.length > 0 && unscanned.length === 0
  return scanResultSchema.parse({
    path,
    files: files.length,
    bytes,
    verdict: failed ? 'failed' : isComplete ? 'passed' : 'inconclusive',
    failOn,
    findings: [...findings].sort(order),
    unscanned,
  })
}
