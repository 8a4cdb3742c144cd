import { basename, join } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { readIfPresent, writeDurably } from '../durable-file.ts'
import { evidencePaths, stateFolder } from '../paths.ts'
import { type Manifest, manifestDigest, manifestText, parseManifest } from './manifest.ts'

const folderName = 'manifests'

export interface StoredManifest {
  /** Relative to the project, with "/". */
  readonly name: string
  readonly path: string
  readonly sha256: string
}

const pathOf = (project: string, root: string): string => join(evidencePaths(project).state, folderName, `${root}.json`)

/** Keeps a manifest as `.bartizan/manifests/<root>.json`; the same commitment is the same file. Throws FILE_UNWRITABLE. */
export const storeManifest = (root: string, manifest: Manifest): StoredManifest => {
  const path = pathOf(root, manifest.root)
  writeDurably(path, manifestText(manifest))
  return { name: `${stateFolder}/${folderName}/${basename(path)}`, path, sha256: manifestDigest(manifest) }
}

/** The manifest in a file. Throws FILE_NOT_FOUND, FILE_UNREADABLE, EVIDENCE_INVALID. */
export const readManifest = (path: string): Manifest => {
  const bytes = readIfPresent(path)
  if (bytes === undefined) throw new BartizanError('FILE_NOT_FOUND', `there is no manifest ${path}`, { data: { path } })
  return parseManifest(bytes)
}

/** The kept manifest with this root, undefined where there is none. Throws EVIDENCE_INVALID where it was changed. */
export const keptManifest = (root: string, of: string): Manifest | undefined => {
  const path = pathOf(root, of)
  const bytes = readIfPresent(path)
  if (bytes === undefined) return undefined
  const manifest = parseManifest(bytes)
  if (manifest.root === of) return manifest
  throw new BartizanError('EVIDENCE_INVALID', `${path} is the manifest of other data: its root is ${manifest.root}`, {
    hint: 'restore it from a copy',
    data: { path },
  })
}
