import { extname, resolve } from 'node:path'
import { filesBelow } from '../../images/files-below.ts'
import { formatNamed } from '../../images/magic.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { LabelsSection } from '../schema/yaml-sections.ts'
import type { DataItem } from './data-items.ts'
import { graded } from './graded.ts'
import { classesId, declaredClasses, labelChecks } from './label-checks.ts'
import { arrayLabels, folderLabel, folderLabels, type LabelCounts } from './label-counts.ts'
import type { SectionResult } from './table-sections.ts'

const mostFiles = 1_000_000

/** Other files have no label; that they are no images is a finding of `images`. */
const isImage = (name: string): boolean => formatNamed(extname(name)) !== undefined

const ofFolder = async (path: string): Promise<LabelCounts> =>
  folderLabels((await filesBelow(path, mostFiles)).files.filter(isImage))

/** Tells an image, or a row of arrays, whose label is missing or no declared class. */
type Unlabelled = (item: DataItem) => boolean

export interface ItemLabels extends SectionResult {
  readonly unlabelled?: Unlabelled
}

interface Labelled {
  readonly counts: LabelCounts
  readonly unlabelled: Unlabelled
}

const labelledAt = async (
  kind: 'images' | 'arrays',
  path: string,
  array: string | undefined,
  declared: readonly string[] | undefined,
): Promise<Labelled> => {
  if (kind === 'arrays') {
    const found = await arrayLabels(path, array, declared)
    return { counts: found, unlabelled: ({ row }) => found.unlabelled[row] === 1 }
  }
  const unlabelled: Unlabelled = ({ image = '' }) => {
    const label = folderLabel(image)
    return isImage(image) && (label === undefined || declared?.includes(label) === false)
  }
  return { counts: await ofFolder(path), unlabelled }
}

/**
 * Checks of the labels of images (their folders) or of arrays. A reference has its labels in the place of these, or alone.
 * `unlabelled` is there where the check of single labels failed.
 */
export const itemLabels = async (
  labels: LabelsSection | undefined,
  schema: LoadedSchema,
  path: string,
  kind: 'images' | 'arrays',
): Promise<ItemLabels> => {
  if (labels === undefined) return { checks: [] }
  const { array, file, reference } = labels
  const declared = declaredClasses(labels)
  const at = (place: string) => labelledAt(kind, place, array, declared)
  const current = await at(file === undefined ? path : resolve(schema.folder, file))
  const before = reference === undefined ? undefined : await at(resolve(schema.folder, reference))
  const found = labelChecks(labels, current.counts, before?.counts)
  const isFailed = found.checks.some(({ id, verdict }) => id === classesId && verdict === 'failed')
  return {
    checks: graded(found.checks, labels),
    labels: found.labels,
    ...(isFailed && { unlabelled: current.unlabelled }),
  }
}
