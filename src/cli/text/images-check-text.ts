import type { ImagesCheckResult } from '../../contract/images-check.ts'
import { checksTable } from './comparison-text.ts'
import { counted, wrappedTable } from './fields.ts'

const sentences = {
  passed: 'PASSED: every image is what it should be.',
  failed: 'FAILED: some images are not what they should be.',
  inconclusive: 'INCONCLUSIVE: there are no images, so nothing was checked.',
} as const

/** Lines of each list; --json has them all. */
const most = 20

const alikeTable = (title: string, pairs: ImagesCheckResult['duplicates'], width: number): string =>
  wrappedTable(
    [{ title }, { title: 'like' }, { title: 'bits', align: 'right' }, { title: 'correlation' }],
    pairs
      .slice(0, most)
      .map(({ image, other, equal, pHash, dHash, correlation }) => [
        image,
        other,
        `${pHash}, ${dHash}`,
        equal ? 'equal' : correlation.toFixed(3),
      ]),
    width,
  )

const rest = (count: number): readonly string[] => (count > most ? [`… and ${count - most} more (--json has all)`] : [])

/** What `bartizan data images` prints. */
export const imagesCheckText = (result: ImagesCheckResult, width: number): string => {
  const { checks, findings, duplicates, leaked, images, metadata, notCompared, verdict } = result
  const notable = checks.filter((check) => check.verdict !== 'passed')
  const listed = findings.slice(0, most).map(({ image, kind, message }) => [image, kind, message] as const)
  return [
    ...(notable.length === 0 ? [] : [checksTable(notable, width), '']),
    ...(listed.length === 0
      ? []
      : [
          wrappedTable([{ title: 'image' }, { title: 'kind' }, { title: 'message' }], listed, width),
          ...rest(findings.length),
          '',
        ]),
    ...(duplicates.length === 0 ? [] : [alikeTable('image', duplicates, width), ...rest(duplicates.length), '']),
    ...(leaked.length === 0 ? [] : [alikeTable('leaked', leaked, width), ...rest(leaked.length), '']),
    `${counted(images, 'image')}, ${metadata} with metadata (EXIF, XMP or IPTC), ${notCompared} not compared with others`,
    sentences[verdict],
  ].join('\n')
}
