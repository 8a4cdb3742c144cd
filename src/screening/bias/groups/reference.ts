import { readFile } from 'node:fs/promises'
import { extname } from 'node:path'
import { z } from 'zod'
import { BartizanError } from '../../../base/errors.ts'
import { knownKeys } from '../../../base/yaml/known-keys.ts'
import { problemsOf } from '../../../base/yaml/problems.ts'
import { yamlFile } from '../../../base/yaml/yaml-file.ts'
import { statInput } from '../../../data/files.ts'

/** Shares that groups should have: by columns (joined by commas), then by values (joined by commas). */
export type ReferenceShares = ReadonlyMap<string, ReadonlyMap<string, number>>

const mostBytes = 1_000_000

const schema = z.record(z.string(), z.record(z.string(), z.number().nonnegative()))

type Written = z.infer<typeof schema>

const hint = 'expected YAML such as "sex: {female: 0.51, male: 0.49}", or CSV with the columns attribute,value,share'

const invalid = (path: string, message: string, data: Readonly<Record<string, unknown>> = {}): BartizanError =>
  new BartizanError('CONFIG_INVALID', `${path}: ${message}`, { hint, data: { path, ...data } })

/** The fields of a CSV line: commas within double quotes don't part them. */
const fieldsOf = (line: string): readonly string[] => {
  const fields: string[] = ['']
  let quoted = false
  for (let i = 0; i < line.length; i++) {
    const char = line[i]!
    const last = fields.length - 1
    if (char === '"' && quoted && line[i + 1] === '"') fields[last] += line[++i]
    else if (char === '"') quoted = !quoted
    else if (char === ',' && !quoted) fields.push('')
    else fields[last] += char
  }
  return fields.map((field) => field.trim())
}

const fromCsv = (path: string, text: string): Written => {
  const [head = '', ...lines] = text.replace(/^\ufeff/, '').split(/\r?\n/)
  const names = fieldsOf(head).map((name) => name.toLowerCase())
  const [attribute, value, share] = ['attribute', 'value', 'share'].map((name) => names.indexOf(name))
  if (attribute === -1 || value === -1 || share === -1) throw invalid(path, `its first line is "${head.slice(0, 100)}"`)
  const written: Record<string, Record<string, number>> = Object.create(null)
  for (const [i, line] of lines.entries()) {
    if (line.trim() === '') continue
    const fields = fieldsOf(line)
    const [column = '', name = '', amount = ''] = [fields[attribute!], fields[value!], fields[share!]]
    const number = amount === '' ? Number.NaN : Number(amount)
    if (column === '' || !Number.isFinite(number) || number < 0)
      throw invalid(path, `line ${i + 2} doesn't hold an attribute and a share from 0 on`, { line: i + 2 })
    const shares: Record<string, number> = written[column] ?? Object.create(null)
    if (name in shares) throw invalid(path, `line ${i + 2} names ${column}=${name} again`, { line: i + 2 })
    shares[name] = number
    written[column] = shares
  }
  return written
}

const fromYaml = (path: string, text: string): Written => {
  // No aliases: a small file can't grow into a large one.
  const source = yamlFile(text, { file: path, hint, maxAliases: 0 })
  const parsed = schema.safeParse(source.value)
  if (parsed.success) return parsed.data
  throw source.error(problemsOf(parsed.error.issues, source.value, knownKeys(schema)))
}

/**
 * Reads a reference distribution: YAML ("sex: {female: 0.51, male: 0.49}"; of an intersection "sex,age": {"female,18 to
 * 29": …}) or CSV (attribute, value, share). Shares, or counts, are divided by their sum. Throws CONFIG_INVALID.
 */
export const readReference = async (path: string): Promise<ReferenceShares> => {
  const { size } = await statInput(path)
  if (size > mostBytes) throw invalid(path, `${size} bytes are too many for a distribution of groups`)
  const text = await readFile(path, 'utf8')
  const written = extname(path).toLowerCase() === '.csv' ? fromCsv(path, text) : fromYaml(path, text)
  return new Map(
    Object.entries(written).map(([columns, shares]) => {
      const sum = Object.values(shares).reduce((total, share) => total + share, 0)
      if (!(sum > 0) || !Number.isFinite(sum)) throw invalid(path, `the shares of ${columns} add up to ${sum}`)
      return [columns, new Map(Object.entries(shares).map(([value, share]) => [value, share / sum]))]
    }),
  )
}
