import { type ModelFinding, modelFinding } from './finding.ts'
import { type PartHasher, partHasher, shareOf } from './hash-part.ts'
import { isSelected, plainIgnoredPath } from './ignored-paths.ts'
import { emptyPaths, type Manifest, type Resource } from './manifest.ts'
import { listModel, type ModelFile, withoutIgnored } from './model-files.ts'

export interface CompareOptions {
  /** Paths below the model: only what is at or below them is compared. None mean all. */
  readonly only?: readonly string[]
  /** Paths below the model to leave out besides those that the signature leaves out; signed files never are. */
  readonly ignore?: readonly string[]
  /** Files that were not signed are no finding. */
  readonly ignoreUnsigned?: boolean
  /** Paths that the signature leaves out are not left out: files there are as unsigned as any. */
  readonly refuseIgnored?: boolean
  /** Hears of the share that is compared, 0 to 1, and may throw to stop. */
  readonly onProgress?: (share: number) => void
}

export interface IgnoredPath {
  readonly path: string
  /** Who says so. */
  readonly by: 'signature' | 'verifier'
  /** Files there; nothing was checked of them. */
  readonly files: number
}

export interface Comparison {
  /** Sorted by file. */
  readonly findings: readonly ModelFinding[]
  readonly ignored: readonly IgnoredPath[]
  /** Resources whose digest was compared. */
  readonly compared: number
  /** Signed parts and empty files that `only` left out: nothing is known of them. */
  readonly skipped: number
  /** Empty files of which the signature says nothing: under shards they have no digest. */
  readonly unsignedEmpty: readonly string[]
}

/** Compares a model with what was signed of it: every file of one that is not in the other, and every digest. */
export const compareModel = async (
  path: string,
  manifest: Manifest,
  options: CompareOptions = {},
): Promise<Comparison> => {
  const { only = [], ignoreUnsigned = false } = options
  const { serialization, emptyFiles = [] } = manifest
  const signed = groupByFile(manifest.resources)
  const names = new Set([...signed.keys(), ...emptyFiles])
  const ignore = ignoredBy(options.refuseIgnored ? [] : serialization.ignorePaths, options.ignore ?? [])
  const { files, odd, counts } = withoutIgnored(await listModel(path), ignore.paths, (name) => names.has(name))
  const present = new Map(files.map((file) => [file.path, file]))
  const added = files.filter((file) => !names.has(file.path) && isSelected(file.path, only))
  // Without our own member, a signature by shards can't tell an empty file that was there from one that was added.
  const isUnknown = ({ bytes }: ModelFile): boolean =>
    bytes === 0 && serialization.method === 'shards' && manifest.emptyFiles === undefined

  const findings = [
    ...ignore.findings,
    ...(names.size === 0 ? [modelFinding('nothing-signed', path)] : []),
    ...only
      .filter((asked) => ![...names].some((name) => isSelected(name, [asked])))
      .map((asked) => modelFinding('not-signed', asked)),
    ...emptyFiles.filter((name) => isSelected(name, only)).flatMap((name) => compareEmpty(name, present.get(name))),
    ...odd
      .filter((file) => isSelected(file.path, only) && !ignoreUnsigned)
      .map((file) => modelFinding('not-a-file', file.path, file.kind)),
    ...(serialization.allowSymlinks ? [] : files)
      .filter((file) => file.isLink && names.has(file.path) && isSelected(file.path, only))
      .map((file) => modelFinding('link-refused', file.path)),
    ...(ignoreUnsigned ? [] : added.filter((file) => !isUnknown(file))).map((file) =>
      modelFinding('file-added', file.path),
    ),
  ]
  const hashed = files.filter(({ path: at }) => signed.has(at) && isSelected(at, only))
  const hash = partHasher(serialization.hashType, shareOf(hashed, options.onProgress))
  let compared = 0
  for (const [name, resources] of signed) {
    if (!isSelected(name, only)) continue
    const file = present.get(name)
    findings.push(...(await compareFile(name, file, resources, hash)))
    if (file !== undefined) compared += resources.length
  }
  return {
    findings: findings.sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : 0)),
    ignored: ignore.paths.map((at) => ({
      path: at,
      by: ignore.bySignature.has(at) ? 'signature' : 'verifier',
      files: counts.get(at) ?? 0,
    })),
    compared,
    skipped: [...manifest.resources.map(({ part }) => part.path), ...emptyFiles].filter(
      (name) => !isSelected(name, only),
    ).length,
    unsignedEmpty: emptyPaths(added.filter(isUnknown)),
  }
}

const groupByFile = (resources: readonly Resource[]): ReadonlyMap<string, readonly Resource[]> => {
  const files = new Map<string, Resource[]>()
  for (const resource of resources) {
    const parts = files.get(resource.part.path)
    if (parts === undefined) files.set(resource.part.path, [resource])
    else parts.push(resource)
  }
  return files
}

/** Ignored paths in one spelling. One outside the model covers nothing; one that means all of it would admit anything. */
const ignoredBy = (signature: readonly string[], verifier: readonly string[]) => {
  const bySignature = new Set(signature.map(plainIgnoredPath).filter((path) => path !== undefined))
  const isAll = (written: string): boolean => /^[./]*$/.test(written) && !/^\/|\.\./.test(written)
  return {
    bySignature,
    paths: [...new Set([...bySignature, ...verifier])].sort(),
    findings: signature.filter(isAll).map((written) => modelFinding('ignore-refused', written || '.')),
  }
}

const compareEmpty = (name: string, file: ModelFile | undefined): readonly ModelFinding[] => {
  if (file === undefined) return [modelFinding('file-missing', name)]
  return file.bytes === 0 ? [] : [modelFinding('file-changed', name, `${file.bytes} bytes, signed as empty`)]
}

const compareFile = async (
  name: string,
  file: ModelFile | undefined,
  resources: readonly Resource[],
  hash: PartHasher,
): Promise<readonly ModelFinding[]> => {
  if (file === undefined) return [modelFinding('file-missing', name)]
  const length = Math.max(...resources.map(({ part }) => part.range?.end ?? 0))
  const isWhole = resources.some(({ part }) => part.range === undefined)
  if (!isWhole && file.bytes !== length)
    return [modelFinding('file-changed', name, `${file.bytes} bytes, signed with ${length}`)]
  const findings: ModelFinding[] = []
  for (const { part, digest } of resources) {
    const found = await hash(file.file, part.range)
    const where = part.range === undefined ? '' : `bytes ${part.range.start} to ${part.range.end}: `
    if (found !== digest) findings.push(modelFinding('file-changed', name, `${where}${found}, signed ${digest}`))
  }
  return findings
}
