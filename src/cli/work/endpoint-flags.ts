import { readFile } from 'node:fs/promises'
import { openEndpointFor, subjectOfEndpoint } from '../../assessment/endpoint.ts'
import type { Subject } from '../../assessment/subject.ts'
import { BartizanError } from '../../base/errors.ts'
import { knownKeys } from '../../base/yaml/known-keys.ts'
import { problemsOf } from '../../base/yaml/problems.ts'
import { yamlFile } from '../../base/yaml/yaml-file.ts'
import { type EndpointConfig, endpointConfigSchema } from '../../contract/index.ts'
import { readError, statInput } from '../../data/files.ts'
import { openRows, type SubjectFlags, unitsOf } from './subject.ts'

export interface EndpointFlags extends Omit<SubjectFlags, 'model'> {
  /** An address, or a YAML file that describes the endpoint as model.endpoint of bartizan.yaml does. */
  readonly endpoint: string
  readonly resume: boolean
  readonly askAgain?: boolean
}

const keys = knownKeys(endpointConfigSchema)

/** What --endpoint says. Throws USAGE, FILE_NOT_FOUND, CONFIG_INVALID with line and column. */
export const endpointFrom = async (written: string): Promise<EndpointConfig> => {
  if (/^https?:\/\//i.test(written)) {
    const parsed = endpointConfigSchema.safeParse({ url: written })
    if (parsed.success) return parsed.data
    throw new BartizanError(
      'USAGE',
      `--endpoint ${written}: ${parsed.error.issues.map(({ message }) => message).join('; ')}`,
    )
  }
  const source = yamlFile(await readText(written), {
    file: written,
    hint: 'write what stands under model.endpoint in bartizan.yaml, or name a bartizan.yaml that has it',
  })
  const within = ['model', 'endpoint']
  const section = within.reduce<unknown>(memberOf, source.value)
  const [value, path] = section === undefined ? [source.value, []] : [section, within]
  const parsed = endpointConfigSchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.map((issue) => ({ ...issue, path: [...path, ...issue.path] }))
  throw source.error(problemsOf(issues, source.value, (at) => keys(at.slice(path.length))))
}

const maxBytes = 1 << 20

const readText = async (path: string): Promise<string> => {
  const { size } = await statInput(path)
  if (size > maxBytes)
    throw new BartizanError('CONFIG_INVALID', `${path} has ${size} bytes; a configuration has at most ${maxBytes}`)
  return readFile(path, 'utf8').catch(async (error: unknown) => {
    throw await readError(path, error)
  })
}

const memberOf = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined

/** The endpoint and its rows, as flags describe them; the caller closes both. */
export const subjectOfEndpointFlags = async (flags: EndpointFlags): Promise<Subject & { readonly repeats: number }> => {
  const { mean, std, output, shape, range, resume, askAgain } = flags
  const config = await endpointFrom(flags.endpoint)
  const set = await openRows(flags, 'float32')
  try {
    const endpoint = await openEndpointFor(set, {
      root: process.cwd(),
      resume,
      askAgain,
      config,
      output,
      preprocessing: (mean || std) && { mean, std },
      shape,
    })
    try {
      const input = { range: [...range] as [number, number], units: unitsOf(flags), shape: [...endpoint.input.dims] }
      return { ...subjectOfEndpoint(endpoint, set, input), repeats: config.repeats }
    } catch (error) {
      await endpoint.release()
      throw error
    }
  } catch (error) {
    await set.close()
    throw error
  }
}
