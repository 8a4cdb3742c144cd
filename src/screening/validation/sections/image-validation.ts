import { resolve } from 'node:path'
import type { CheckResult } from '../../../contract/validation.ts'
import { checkImages, type ImageReport } from '../../images/index.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { ImagesSection } from '../schema/yaml-sections.ts'
import type { DataItem } from './data-items.ts'
import { checkFitting, type DataKind } from './fitting.ts'
import { graded, present } from './graded.ts'

/** What is wrong with one item, for the examples of a check. */
export interface ItemFault {
  readonly check: string
  readonly severity: 'error' | 'warning'
  readonly row: number
  readonly image: string
  readonly problem: string
}

export interface ImageValidation {
  readonly names: readonly string[]
  readonly checks: readonly CheckResult[]
  readonly faults: readonly ItemFault[]
}

/** The check that a finding fails. */
const checkOfKind = (kind: ImageReport['findings'][number]['kind']): string =>
  ({
    undecodable: 'images.decode',
    'not-an-image': 'images.format',
    'too-large': 'images.pixels',
    'wrong-extension': 'images.extension',
    animated: 'images.frames',
    blank: 'images.blank',
    orientation: 'images.orientation',
    location: 'images.location',
    'not-finite': 'images.finite',
    size: 'images.size',
    channels: 'images.channels',
  })[kind]

const imageOptions = ({ size, channels, 'max-pixels': mostPixels, duplicates }: ImagesSection) => {
  const [height, width] = size ?? []
  return present({
    size: height === undefined || width === undefined ? undefined : ([height, width] as const),
    channels,
    mostPixels,
    duplicates,
  })
}

/** Faults of the images themselves; a repeated image only where its check fails. */
const ownFaults = (
  { findings, duplicates, checks }: ImageReport,
  rowOf: (image: string) => number,
  severity: ItemFault['severity'],
): readonly ItemFault[] => {
  const failed = new Set(checks.filter(({ verdict }) => verdict === 'failed').map(({ id }) => id))
  return [
    ...findings.map(({ image, kind, message }) => ({
      check: checkOfKind(kind),
      severity,
      row: rowOf(image),
      image,
      problem: message,
    })),
    ...duplicates.flatMap(({ image, other, equal }) => {
      const check = equal ? 'images.duplicates' : 'images.near-duplicates'
      const problem = `${equal ? 'equals' : 'nearly equals'} ${image}`
      return failed.has(check) ? [{ check, severity, row: rowOf(other), image: other, problem }] : []
    }),
  ]
}

/**
 * Checks a folder of images, or an array of them, by the schema's `images` and `leakage`. Every image with a finding is
 * at fault; so is one that repeats another where too many do, and one of another set.
 */
export const validateImages = async (
  schema: LoadedSchema,
  path: string,
  kind: DataKind = 'images',
): Promise<ImageValidation> => {
  const { images = {}, leakage = [] } = checkFitting(schema, kind)
  const options = imageOptions(images)
  const named = images.array === undefined ? path : `${path}#${images.array}`
  const report = await checkImages({ path: named, options })
  const rows = new Map(report.names.map((name, i) => [name, i]))
  const rowOf = (image: string): number => rows.get(image) ?? 0
  const checks = [...graded(report.checks, images)]
  const faults = [...ownFaults(report, rowOf, images.severity ?? 'error')]
  for (const [i, entry] of leakage.entries()) {
    const against = resolve(schema.folder, entry.file)
    const found = await checkImages({ path: named, against, options })
    const prefix = `leakage[${i}]`
    const leak = found.checks
      .filter(({ id }) => id === 'images.leakage')
      .map((check) => ({ ...check, message: check.message.replaceAll(against, entry.file) }))
    checks.push(...graded(leak, entry, prefix))
    faults.push(
      ...found.leaked.map(({ image, other, equal }) => ({
        check: `${prefix}.images.leakage`,
        severity: entry.severity ?? 'error',
        row: rowOf(image),
        image,
        problem: `${equal ? 'equals' : 'nearly equals'} ${other} of ${entry.file}`,
      })),
    )
  }
  return { names: report.names, checks, faults }
}

/** Every item with the checks of severity error that it fails, in order. */
export const itemsOf = (names: readonly string[], faults: readonly ItemFault[]): readonly DataItem[] => {
  const reasons = names.map(() => new Set<string>())
  for (const { row, check, severity } of faults) if (severity === 'error') reasons[row]?.add(check)
  return names.map((image, row) => ({ row, image, reasons: [...(reasons[row] ?? [])] }))
}
