import { relative } from 'node:path'

/** The files that a command wrote, as one would name them from here. */
export const filesText = (files: readonly string[]): string =>
  ['Written:', ...files.map((file) => `  ${relative(process.cwd(), file) || file}`)].join('\n')
