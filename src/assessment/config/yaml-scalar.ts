import { parse } from 'yaml'

const plain = /^[A-Za-z_./][\w./-]*$/

/** One scalar or list of scalars on one line, quoted where YAML would read something else without quotes. */
export const yamlInline = (value: string | number | readonly (string | number)[]): string => {
  if (typeof value === 'number') return String(value)
  if (typeof value === 'string') return plain.test(value) && parse(value) === value ? value : JSON.stringify(value)
  return `[${value.map((item) => yamlInline(item)).join(', ')}]`
}

/** Text that may come from a model's metadata, made fit for a comment: one line, no control characters. */
export const yamlComment = (text: string): string =>
  text
    .replace(/[\p{C}\p{Z}]+/gu, ' ')
    .trim()
    .slice(0, 160)
