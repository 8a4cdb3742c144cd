import { basename } from 'node:path'
import { BartizanError } from '../../../base/errors.ts'
import { withArrays } from '../sections/array-validation.ts'
import { digestOfData } from '../sections/data-digest.ts'
import type { InferredSchema } from './inferred-schema.ts'
import { yamlText } from './render.ts'

const head = (path: string, rows: number, unit: string, sha256: string): readonly string[] => [
  `# What ${basename(path).replace(/[\p{C}\p{Z}]+/gu, ' ')} was when this was written by bartizan data infer; review it before it is relied on.`,
  `# ${rows} ${unit}, SHA-256 ${sha256}`,
  'version: 1',
]

const leakageLines: readonly string[] = [
  '# Other splits that must hold none of this (paths start from this file):',
  '# leakage:',
  '#   - {file: test}',
  '',
]

const empty = (path: string): BartizanError =>
  new BartizanError('DATA_CORRUPT', `${path} has nothing to learn from`, {
    hint: 'name a sample that is known to be good',
    data: { path },
  })

/** What all values are, where they are all the same. */
const common = <T>(values: readonly T[]): T | undefined => (new Set(values).size === 1 ? values[0] : undefined)

/** A schema from a trusted folder of images: the size and the channels that all have, and the classes. */
export const inferImages = async (path: string): Promise<InferredSchema> => {
  const [{ inspectImages }, { defaultImageChecks }, { folderLabels }] = await Promise.all([
    import('../../images/inspect.ts'),
    import('../../images/options.ts'),
    import('../sections/label-counts.ts'),
  ])
  const facts = (await inspectImages(path, defaultImageChecks)).filter(({ height }) => height !== undefined)
  if (facts.length === 0) throw empty(path)
  const size = common(facts.map(({ height, width }) => `[${height}, ${width}]`))
  const channels = common(facts.map((image) => image.channels))
  const { counts } = folderLabels(facts.map(({ name }) => name))
  const sha256 = await digestOfData(path)
  const rarest = Math.min(...counts.values())
  const text = [
    ...head(path, facts.length, 'images', sha256),
    'images:',
    size === undefined
      ? '  # size: [224, 224]  # the images differ in size'
      : `  size: ${size}  # height and width of all`,
    channels === undefined ? '  # channels: 3  # the images differ in channels' : `  channels: ${channels}`,
    '  duplicates: 0.01  # largest share of images that repeat or nearly repeat another',
    ...(counts.size < 2
      ? ['# labels: {min-count: 50}  # classes are sub-folders; there are fewer than two']
      : [
          'labels:',
          `  classes: [${[...counts.keys()].sort().map(yamlText).join(', ')}]  # all that was seen`,
          `  # min-count: ${rarest}  # the rarest class had ${rarest}`,
          `  # reference: ${yamlText(basename(path))}  # shares within 0.1 of those of a trusted set`,
        ]),
    ...leakageLines,
  ].join('\n')
  return { text, rows: facts.length, columns: counts.size, sha256 }
}

const batchValues = 1 << 20

/** A schema from a trusted file of arrays: type, shape and, as suggestions, the values that were seen. */
export const inferArrays = (path: string): Promise<InferredSchema> =>
  withArrays(path, async (file) => {
    const lines: string[] = []
    const names = file.names ?? ['x']
    let rows = 0
    for (const name of names) {
      const source = await file.open(file.names === undefined ? undefined : name)
      rows = Math.max(rows, source.rows)
      const width = source.shape.reduce((product, size) => product * size, 1)
      const step = Math.max(1, Math.floor(batchValues / Math.max(1, width)))
      let [low, high, odd] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 0]
      const values = new Set<number>()
      for (let from = 0; from < source.rows; from += step) {
        const { x } = await source.read(from, Math.min(source.rows, from + step))
        for (const stored of x) {
          const value = Number(stored)
          if (!Number.isFinite(value)) odd++
          else {
            if (value < low) low = value
            if (value > high) high = value
            if (values.size <= 20) values.add(value)
          }
        }
      }
      const isLabels = width === 1 && values.size <= 20 && [...values].every(Number.isInteger) && values.size > 1
      lines.push(
        `  ${yamlText(name)}:`,
        `    dtype: ${source.dtype}`,
        `    shape: [${['any', ...source.shape].join(', ')}]  # ${source.rows} rows were seen`,
        ...(odd > 0 ? [`    finite: false  # ${odd} values are not finite`] : []),
        ...(isLabels ? [`    set: [${[...values].sort((a, b) => a - b).join(', ')}]  # all that was seen`] : []),
        ...(isLabels || low > high ? [] : [`    # min: ${low}  # seen; give it room`, `    # max: ${high}`]),
        ...(isLabels ? [] : ['    # constant-columns: refuse']),
      )
    }
    if (rows === 0) throw empty(path)
    const sha256 = await digestOfData(path)
    const label = names.length > 1 && names.includes('y') ? 'y' : undefined
    const text = [
      ...head(path, rows, 'rows', sha256),
      'arrays:',
      ...lines,
      'extra-arrays: refuse  # or allow',
      '# duplicates: {at-most: 0.01}',
      `# labels: {array: ${label ?? 'y'}, min-count: 50}`,
      ...leakageLines,
    ].join('\n')
    return { text, rows, columns: names.length, sha256 }
  })
