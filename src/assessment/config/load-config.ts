import { constants } from 'node:fs'
import { access, readFile, stat } from 'node:fs/promises'
import { dirname, relative, resolve } from 'node:path'
import { sha256 } from '../../base/canonical-json.ts'
import { BartizanError } from '../../base/errors.ts'
import { problemsOf } from '../../base/yaml/problems.ts'
import { type YamlFile, yamlFile } from '../../base/yaml/yaml-file.ts'
import { type Config, configSchema } from '../../contract/index.ts'
import { configKeys } from './config-keys.ts'

/** A configuration that holds, and where it came from. */
export interface LoadedConfig {
  /** Defaults filled in; the paths of model, rows and `out` are absolute. */
  readonly config: Config
  /** The file as it was named. */
  readonly file: string
  /** The same, absolute. */
  readonly path: string
  /** Absolute path of the folder that relative paths start from. */
  readonly folder: string
  readonly sha256: string
  readonly source: YamlFile
}

const maxBytes = 1 << 20

const readConfig = async (file: string): Promise<string> => {
  const info = await stat(file).catch((cause: unknown) => {
    throw new BartizanError('FILE_NOT_FOUND', `there is no file ${file}`, {
      hint: 'bartizan init MODEL --data FILE writes one',
      data: { file },
      cause,
    })
  })
  await access(file, constants.R_OK).catch((cause: unknown) => {
    throw new BartizanError('FILE_UNREADABLE', `${file} may not be read`, {
      hint: 'give yourself read permission on it',
      data: { file },
      cause,
    })
  })
  if (!info.isFile())
    throw new BartizanError('FILE_UNREADABLE', `${file} is not a file`, {
      hint: 'name the YAML file itself, not its folder',
      data: { file },
    })
  if (info.size > maxBytes)
    throw new BartizanError(
      'CONFIG_INVALID',
      `${file} has ${info.size} bytes; a configuration has at most ${maxBytes}`,
      {
        hint: 'is this the right file? The data set goes into a file of its own, named by data.path',
        data: { file, bytes: info.size },
      },
    )
  return readFile(file, 'utf8')
}

const hint = 'correct the lines named; bartizan init MODEL --data FILE writes a commented example'

/**
 * Checks the text of a bartizan.yaml named `file`. Throws CONFIG_INVALID with every problem, each with its line and
 * column, at once.
 */
export const parseConfig = (text: string, file: string): LoadedConfig => {
  const source = yamlFile(text, { file, hint })
  const parsed = configSchema.safeParse(source.value)
  if (!parsed.success) throw source.error(problemsOf(parsed.error.issues, source.value, configKeys))
  const path = resolve(file)
  const folder = dirname(path)
  return { config: anchored(parsed.data, folder), file, path, folder, sha256: sha256(text), source }
}

/** Reads and checks `file`. Throws FILE_NOT_FOUND, FILE_UNREADABLE or CONFIG_INVALID. */
export const loadConfig = async (file: string): Promise<LoadedConfig> => parseConfig(await readConfig(file), file)

/** `config` with its relative paths resolved against `folder`. */
const anchored = (config: Config, folder: string): Config => ({
  ...config,
  out: resolve(folder, config.out),
  model: config.model.endpoint ? config.model : { ...config.model, path: resolve(folder, config.model.path) },
  threat: {
    ...config.threat,
    ...(config.threat.surrogates && { surrogates: config.threat.surrogates.map((path) => resolve(folder, path)) }),
  },
  data: anchoredRows(config.data, folder),
  ...(config.training && { training: { ...config.training, data: anchoredRows(config.training.data, folder) } }),
})

const anchoredRows = (data: Config['data'], folder: string): Config['data'] => ({
  ...data,
  path: resolve(folder, data.path),
  ...(data.labels === undefined ? {} : { labels: resolve(folder, data.labels) }),
})

/** A path as a report names it: relative to the configuration's folder, with `/`, so that no report names a machine. */
export const reportedPath = (folder: string, path: string): string =>
  relative(folder, path).split('\\').join('/') || '.'
