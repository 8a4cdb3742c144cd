import { extname, resolve } from 'node:path'
import { filesBelow } from '../../images/files-below.ts'
import { formatNamed } from '../../images/magic.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { LabelsSection } from '../schema/yaml-sections.ts'
import { graded } from './graded.ts'
import { labelChecks } from './label-checks.ts'
import { arrayLabels, folderLabels, type LabelCounts } from './label-counts.ts'
import type { SectionResult } from './table-sections.ts'

const mostFiles = 1_000_000

/** Other files have no label; that they are no images is a finding of `images`. */
const isImage = (name: string): boolean => formatNamed(extname(name)) !== undefined

const ofFolder = async (path: string): Promise<LabelCounts> =>
  folderLabels((await filesBelow(path, mostFiles)).files.filter(isImage))

const countsAt = (kind: 'images' | 'arrays', path: string, array: string | undefined): Promise<LabelCounts> =>
  kind === 'images' ? ofFolder(path) : arrayLabels(path, array)

/** Checks of the labels of images (their folders) or of arrays. A reference has its labels in the place of these, or alone. */
export const itemLabels = async (
  labels: LabelsSection | undefined,
  schema: LoadedSchema,
  path: string,
  kind: 'images' | 'arrays',
): Promise<SectionResult> => {
  if (labels === undefined) return { checks: [] }
  const { array, file, reference } = labels
  const current = await countsAt(kind, file === undefined ? path : resolve(schema.folder, file), array)
  const before = reference === undefined ? undefined : await countsAt(kind, resolve(schema.folder, reference), array)
  const found = labelChecks(labels, current, before)
  return { checks: graded(found.checks, labels), labels: found.labels }
}
