import { readFile, stat } from 'node:fs/promises'
import { BartizanError } from '../../base/errors.ts'
import { knownKeys } from '../../base/yaml/known-keys.ts'
import { problemsOf } from '../../base/yaml/problems.ts'
import { type YamlFile, yamlFile } from '../../base/yaml/yaml-file.ts'
import type { YamlPath } from '../../base/yaml/yaml-source.ts'
import { type Features, featuresSchema } from '../../contract/index.ts'
import type { FeatureSource } from './open-features.ts'

const hint = 'correct the lines named; docs/how-to/attack-tables.md describes the section'
const maxBytes = 1 << 20
const keys = knownKeys(featuresSchema)

/** Problems of a section that stands at `prefix` of a file. */
const featureSource = (features: Features, file: YamlFile, prefix: YamlPath): FeatureSource => ({
  features,
  error: (problems) => file.error(problems.map((problem) => ({ ...problem, path: [...prefix, ...problem.path] }))),
})

/**
 * The features section of a file: the file itself, or its key `features`, so that a bartizan.yaml will do. Throws
 * FILE_NOT_FOUND, FILE_UNREADABLE or CONFIG_INVALID with every problem, each with line and column.
 */
export const loadFeatures = async (path: string): Promise<FeatureSource> => {
  const info = await stat(path).catch((cause: unknown) => {
    throw new BartizanError('FILE_NOT_FOUND', `there is no file ${path}`, { hint, data: { file: path }, cause })
  })
  if (!info.isFile())
    throw new BartizanError('FILE_UNREADABLE', `${path} is not a file`, { hint, data: { file: path } })
  if (info.size > maxBytes)
    throw new BartizanError('CONFIG_INVALID', `${path} has ${info.size} bytes; a configuration has at most ${maxBytes}`)
  const text = await readFile(path, 'utf8').catch((cause: unknown) => {
    throw new BartizanError('FILE_UNREADABLE', `${path} can't be read`, { hint, data: { file: path }, cause })
  })
  return parseFeatures(text, path)
}

/** The same of a text named `path`. */
export const parseFeatures = (text: string, path: string): FeatureSource => {
  const file = yamlFile(text, { file: path, hint })
  const whole = typeof file.value === 'object' && file.value !== null && Object.hasOwn(file.value, 'features')
  const prefix = whole ? ['features'] : []
  const section: unknown = whole ? Reflect.get(file.value as object, 'features') : file.value
  const parsed = featuresSchema.safeParse(section)
  if (!parsed.success)
    throw featureSource({ scale: 'none', columns: {}, 'one-hot': [], relations: [] }, file, prefix).error(
      problemsOf(parsed.error.issues, section, keys),
    )
  return featureSource(parsed.data, file, prefix)
}

/** The section of a configuration; `file`: what it was read from, where there is one. */
export const configuredFeatures = (
  features: Features | undefined,
  file: YamlFile | undefined,
): FeatureSource | undefined => {
  if (!features) return undefined
  if (file) return featureSource(features, file, ['features'])
  return {
    features,
    error: (problems) =>
      new BartizanError('CONFIG_INVALID', problems.map(({ message }) => message).join('\n  '), { data: { problems } }),
  }
}
