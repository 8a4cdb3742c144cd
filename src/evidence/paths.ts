import { join } from 'node:path'

/** Folder beside bartizan.yaml that holds what Bartizan keeps for a project. */
export const stateFolder = '.bartizan'

/** Subfolder of the evidence for what is not logged yet. */
export const pendingFolder = 'pending'

export interface EvidencePaths {
  readonly state: string
  readonly keys: string
  readonly log: string
  readonly lock: string
  /** Signed envelopes in files of their own and in bundles, each file named by its SHA-256. */
  readonly evidence: string
  /** Envelopes whose log entry is not signed yet. */
  readonly pending: string
}

export const evidencePaths = (root: string): EvidencePaths => {
  const state = join(root, stateFolder)
  const evidence = join(state, 'evidence')
  return {
    state,
    keys: join(state, 'keys'),
    log: join(state, 'log'),
    lock: join(state, 'lock'),
    evidence,
    pending: join(evidence, pendingFolder),
  }
}

const envelopeSuffix = '.dsse.json'
const bundleSuffix = '.dsse.jsonl'

const digestBefore = (suffix: string, name: string): string | undefined => {
  const digest = name.slice(0, -suffix.length)
  return name.endsWith(suffix) && /^[0-9a-f]{64}$/.test(digest) ? digest : undefined
}

export const envelopeName = (sha256: string): string => `${sha256}${envelopeSuffix}`

/** The SHA-256 in an envelope's file name, undefined where it is no such name. */
export const digestInName = (name: string): string | undefined => digestBefore(envelopeSuffix, name)

/** File of a bundle: envelopes one a line (JSON Lines), as in-toto bundles attestations. */
export const bundleName = (sha256: string): string => `${sha256}${bundleSuffix}`

/** The SHA-256 in a bundle's file name, undefined where it is no such name. */
export const digestInBundleName = (name: string): string | undefined => digestBefore(bundleSuffix, name)
