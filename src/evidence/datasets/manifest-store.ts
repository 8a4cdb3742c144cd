import { join } from 'node:path'
import { BartizanError } from '../../base/errors.ts'
import { filesBelow, readIfPresent, writeDurably } from '../durable-file.ts'
import { evidencePaths, stateFolder } from '../paths.ts'
import { type Manifest, manifestDigest, manifestText, parseManifest } from './manifest.ts'

const folderName = 'manifests'

export interface StoredManifest {
  /** Relative to the project, with "/". */
  readonly name: string
  readonly path: string
  readonly sha256: string
}

/** Keeps a manifest as `.bartizan/manifests/<root>.json`; the same commitment is the same file. Throws FILE_UNWRITABLE. */
export const storeManifest = (root: string, manifest: Manifest): StoredManifest => {
  const file = `${manifest.root}.json`
  const path = join(evidencePaths(root).state, folderName, file)
  writeDurably(path, manifestText(manifest))
  return { name: `${stateFolder}/${folderName}/${file}`, path, sha256: manifestDigest(manifest) }
}

/** The manifest in a file. Throws FILE_NOT_FOUND, FILE_UNREADABLE, EVIDENCE_INVALID. */
export const readManifest = (path: string): Manifest => {
  const bytes = readIfPresent(path)
  if (bytes === undefined) throw new BartizanError('FILE_NOT_FOUND', `there is no manifest ${path}`, { data: { path } })
  return parseManifest(bytes)
}

/** The kept manifest with this root, undefined where there is none. Throws EVIDENCE_INVALID where it was changed. */
export const keptManifest = (root: string, of: string): Manifest | undefined => {
  const folder = join(evidencePaths(root).state, folderName)
  return filesBelow(folder).includes(`${of}.json`) ? readManifest(join(folder, `${of}.json`)) : undefined
}
