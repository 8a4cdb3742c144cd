import { constants } from 'node:fs'
import { access, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { writeError } from '../base/system-error.ts'
import type { Report } from '../contract/index.ts'
import { type AtomicFile, atomicFile } from '../data/index.ts'
import { configLocator, type LoadedConfig } from './config/index.ts'
import {
  fileLocator,
  type Picture,
  renderHtml,
  renderJson,
  renderJunit,
  renderMarkdown,
  renderSarif,
} from './report/index.ts'

export interface ReportInput {
  readonly report: Report
  readonly pictures: ReadonlyMap<string, Picture>
  readonly loaded: LoadedConfig | undefined
  readonly folder: string
  /** What paths in the reports start from. */
  readonly root: string
}

/**
 * Creates the folder that the reports will go to. Called before anything is measured, so that nobody waits an hour to
 * hear that it can't be written to. Throws FILE_UNWRITABLE.
 */
export const prepareReportFolder = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (error) {
    throw writeError(folder, error, 'the reports go there: name another folder with --out')
  }
}

/**
 * Writes the report in every form. All forms are written before the first gets its name: where one can't be, the earlier
 * reports all stay as they were. Returns their names. Throws FILE_UNWRITABLE.
 */
export const writeReports = async ({
  report,
  pictures,
  loaded,
  folder,
  root,
}: ReportInput): Promise<readonly string[]> => {
  const locator = loaded ? configLocator(loaded, root) : fileLocator(report.model.path)
  const forms = {
    'report.html': await renderHtml(report, pictures),
    'report.json': renderJson(report),
    'report.sarif': renderSarif(report, locator),
    'report.junit.xml': renderJunit(report),
    'report.md': renderMarkdown(report),
  }
  const files: AtomicFile[] = []
  try {
    for (const [name, text] of Object.entries(forms)) {
      const file = await atomicFile(join(folder, name))
      files.push(file)
      await file.write(Buffer.from(text))
    }
    for (const file of files) await file.commit()
  } finally {
    for (const file of files) await file.discard()
  }
  return Object.keys(forms)
}
