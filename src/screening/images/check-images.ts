import type { CheckResult } from '../../contract/validation.ts'
import { clustersOf } from '../duplicates/clusters.ts'
import { shareCheck } from '../duplicates/find-duplicates.ts'
import { type AlikePair, pairsAcross, pairsWithin } from './alike-pairs.ts'
import type { ImageFacts } from './image-facts.ts'
import { inspectImages } from './inspect.ts'
import type { NearImages } from './near-images.ts'
import { defaultImageChecks, type ImageCheckOptions } from './options.ts'
import { type ImageFinding, sizeFindings } from './size-findings.ts'

export interface CheckImages {
  /** A folder of images, or an IDX, npy or npz array (`file.npz#name`). */
  readonly path: string
  /** Another set, in which none of these images should be: the training images, where `path` holds the test images. */
  readonly against?: string
  readonly options?: Partial<ImageCheckOptions>
}

/** Two images that are nearly alike, or equal where nothing differs and the digests agree. */
export interface AlikeImages extends Omit<NearImages, 'a' | 'b'> {
  readonly image: string
  readonly other: string
  readonly equal: boolean
}

export interface ImageReport {
  readonly path: string
  readonly against?: string
  readonly images: number
  /** All of them, in the order of the set. */
  readonly names: readonly string[]
  readonly checks: readonly CheckResult[]
  /** All of them. */
  readonly findings: readonly ImageFinding[]
  /** Images within the set that are like one another; all pairs that hold the groups together. */
  readonly duplicates: readonly AlikeImages[]
  /** Images (`image`) that are like one of the other set (`other`), which is a leak. */
  readonly leaked: readonly AlikeImages[]
  /** Images that carry EXIF, XMP or IPTC: nothing wrong, but often more than was meant to be given away. */
  readonly metadata: number
  /** Images of either set that could not be compared with others: not decoded, or blank. */
  readonly notCompared: number
}

/** Checks by the kind of finding that fails them. */
const byKind: Readonly<Record<ImageFinding['kind'], readonly [id: string, good: string]>> = {
  undecodable: ['images.decode', 'every image decodes'],
  'not-an-image': ['images.format', 'every file is an image'],
  'too-large': ['images.pixels', 'no header tells of an absurd size'],
  'wrong-extension': ['images.extension', 'every name fits the content'],
  animated: ['images.frames', 'every image has one frame'],
  blank: ['images.blank', 'no image is blank'],
  orientation: ['images.orientation', 'no image is stored turned'],
  location: ['images.location', 'no image says where it was taken'],
  'not-finite': ['images.finite', 'every value is a finite number'],
  size: ['images.size', 'every image has the size'],
  channels: ['images.channels', 'every image has the channels'],
}

/** What can only be told of images whose header could be read. */
const ofRead: readonly string[] = [
  'too-large',
  'wrong-extension',
  'animated',
  'blank',
  'orientation',
  'size',
  'channels',
]

const kindChecks = (findings: readonly ImageFinding[], facts: readonly ImageFacts[]): readonly CheckResult[] =>
  Object.entries(byKind).map(([kind, [id, good]]) => {
    const read = facts.filter(({ height }) => height !== undefined).length
    const n = ofRead.includes(kind) ? read : facts.length
    const found = findings.filter((finding) => finding.kind === kind)
    const message = found.length === 0 ? good : `${found[0].image} ${found[0].message}`
    const more = found.length > 1 ? `, and ${found.length - 1} more` : ''
    return imageCheck(id, found.length, n, 0, `${message}${more}`)
  })

/** As `shareCheck`, in the words of images. */
const imageCheck = (...[id, hits, n, most, message]: Parameters<typeof shareCheck>): CheckResult => {
  const check = shareCheck(id, hits, n, most, message)
  return {
    ...check,
    required: check.required.replace('of the rows', 'of the images'),
    ...(n === 0 && { message: 'there are no images to look at' }),
  }
}

/** How many images repeat an earlier one. */
const redundant = (pairs: readonly NearImages[], size: number): number => {
  const clusters = clustersOf(size)
  for (const { a, b } of pairs) clusters.join(a, b)
  return clusters.groups().reduce((sum, group) => sum + group.length - 1, 0)
}

const duplicateChecks = (
  pairs: readonly AlikePair[],
  facts: readonly ImageFacts[],
  most: number,
): readonly CheckResult[] =>
  [true, false].map((equal) => {
    const some = pairs.filter((pair) => pair.equal === equal)
    const example = some[0] === undefined ? '' : `; first: ${facts[some[0].a].name} and ${facts[some[0].b].name}`
    const count = redundant(some, facts.length)
    const what = equal ? 'equal another' : 'nearly equal another'
    const id = equal ? 'images.duplicates' : 'images.near-duplicates'
    // Near-duplicates are told by pixels, which not every image has.
    const compared = equal ? facts : facts.filter(({ print }) => print !== undefined)
    return imageCheck(id, count, compared.length, most, `${count} images ${what}${example}`)
  })

/** Whether some image of a set could be compared with others by its pixels. */
const isComparable = (facts: readonly ImageFacts[]): boolean => facts.some(({ print }) => print !== undefined)

/**
 * Checks every image of a set: that it decodes, its size and channels, that it isn't blank, animated, turned, misnamed or
 * absurdly large, says no place, and repeats no other image of the set, nor of the set in `against`. Throws
 * FILE_NOT_FOUND, FILE_UNREADABLE, DATA_FORMAT_UNSUPPORTED, DATA_CORRUPT or DATA_SHAPE_MISMATCH.
 */
export const checkImages = async ({ path, against, options: given }: CheckImages): Promise<ImageReport> => {
  const options = { ...defaultImageChecks, ...given }
  const facts = await inspectImages(path, options)
  const findings = [
    ...facts.flatMap(({ name, problems }) => problems.map(({ kind, message }) => ({ image: name, kind, message }))),
    ...sizeFindings(facts, options),
  ]
  const pairs = pairsWithin(facts, options)
  const other = against === undefined ? [] : await inspectImages(against, options)
  const leaked = pairsAcross(other, facts, options).map(
    ({ a, b, ...measures }): AlikeImages => ({ image: facts[b].name, other: other[a].name, ...measures }),
  )
  const images = new Set(leaked.map(({ image }) => image)).size
  const leak = leaked[0] === undefined ? '' : `; first: ${leaked[0].image} and ${leaked[0].other}`
  return {
    path,
    ...(against !== undefined && { against }),
    images: facts.length,
    names: facts.map(({ name }) => name),
    checks: [
      ...kindChecks(findings, facts),
      ...duplicateChecks(pairs, facts, options.duplicates),
      ...(against === undefined
        ? []
        : [
            imageCheck(
              'images.leakage',
              images,
              images === 0 && !(isComparable(facts) && isComparable(other)) ? 0 : facts.length,
              0,
              `${images} images are (nearly) those of ${against}${leak}`,
            ),
          ]),
    ],
    findings,
    duplicates: pairs.map(({ a, b, ...measures }) => ({ image: facts[a].name, other: facts[b].name, ...measures })),
    leaked,
    metadata: facts.filter(({ metadata }) => metadata).length,
    notCompared: [...facts, ...other].filter(({ print }) => print === undefined).length,
  }
}
