import { isPlainPath } from './resource-name.ts'

/** What git keeps in a folder. The reference implementation leaves it out of every signature, and records that. */
export const gitPaths: readonly string[] = ['.git', '.gitattributes', '.github', '.gitignore']

const isAtOrBelow = (path: string, above: string): boolean => path === above || path.startsWith(`${above}/`)

/** The first of the ignored paths that covers `path`: the path itself or a folder above it. */
export const coveredBy = (path: string, ignored: readonly string[]): string | undefined =>
  ignored.find((above) => isAtOrBelow(path, above))

/** Whether `path` is one of `paths` or lies below one. No paths mean all. */
export const isSelected = (path: string, paths: readonly string[]): boolean =>
  paths.length === 0 || paths.includes('.') || coveredBy(path, paths) !== undefined

/** An ignored path in its one spelling ("a//b/" is "a/b"); undefined for one that is outside the model or all of it. */
export const plainIgnoredPath = (written: string): string | undefined => {
  const path = written
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .join('/')
  return path !== '' && !written.startsWith('/') && isPlainPath(path) ? path : undefined
}
