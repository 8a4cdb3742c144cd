import { join } from 'node:path'
import type { Report } from '../contract/index.ts'
import { writeTextAtomically } from '../data/index.ts'
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

/** Writes the report in every form; each file appears whole or not at all. Returns their names. */
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
  for (const [name, text] of Object.entries(forms)) await writeTextAtomically(join(folder, name), text)
  return Object.keys(forms)
}
