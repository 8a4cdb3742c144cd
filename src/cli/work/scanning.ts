import { relative, resolve, sep } from 'node:path'
import type { Severity } from '../../contract/index.ts'
import type { ScanResult } from '../../contract/scan-result.ts'
import { writeTextAtomically } from '../../data/atomic-file.ts'
import { statInput } from '../../data/files.ts'
import { renderScanSarif, scanPath } from '../../screening/artefacts/index.ts'
import { version } from '../version.ts'

export interface ScanFlags {
  readonly failOn: Severity
  readonly allow: readonly string[]
  readonly sarif?: string
}

/** Scans a file or a folder, and writes the SARIF file where one is asked for. */
export const scanArtefacts = async (path: string, { failOn, allow, sarif }: ScanFlags): Promise<ScanResult> => {
  const stats = await statInput(path)
  const result = await scanPath(path, { failOn, allow })
  if (sarif !== undefined)
    await writeTextAtomically(
      sarif,
      renderScanSarif(result, { version: version(), base: baseOf(path, stats.isDirectory()) }),
    )
  return result
}

/** Places in SARIF are relative to the repository, which is taken to be the folder that the command runs in. */
const baseOf = (path: string, isFolder: boolean): string => {
  const folder = isFolder ? resolve(path) : resolve(path, '..')
  const base = relative(process.cwd(), folder)
  return base.split(sep)[0] === '..' ? '' : base.split(sep).join('/')
}
