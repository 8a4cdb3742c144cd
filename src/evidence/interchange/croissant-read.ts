import { z } from 'zod'
import { BartizanError } from '../../base/errors.ts'
import type { Consent } from '../../contract/data-record.ts'
import { normalLicence } from '../lineage/licence.ts'
import { jsonOf, listOf, membersOf } from './json-members.ts'

/** What a description claims of data. Nobody has checked it. */
export interface Claims {
  readonly format: 'croissant' | 'dvc' | 'dpi' | 'c2pa'
  readonly licences: readonly string[]
  readonly source: string | undefined
  readonly consent: Consent
  /** Digests that the file should have, by algorithm. */
  readonly digests: Readonly<Record<string, string>>
  /** Kept as they were written. */
  readonly kept: Readonly<Record<string, unknown>>
  readonly warnings: readonly string[]
}

const versions: readonly string[] = ['http://mlcommons.org/croissant/1.0', 'http://mlcommons.org/croissant/1.1']

const documentSchema = z.looseObject({
  conformsTo: z.unknown().optional(),
  'dct:conformsTo': z.unknown().optional(),
  license: z.unknown().optional(),
  url: z.string().optional(),
  usageInfo: z.unknown().optional(),
  distribution: z.unknown().optional(),
})

/** A string, or what an object of JSON-LD is called. */
const nameOf = (value: unknown): string | undefined => {
  if (typeof value === 'string') return value
  const object = membersOf(value)
  return [object['@id'], object.url, object.name].find((name) => typeof name === 'string')
}

const textsOf = (value: unknown): readonly string[] =>
  listOf(value)
    .map(nameOf)
    .filter((text) => text !== undefined)

const keptKeys = ['name', 'description', 'version', 'citeAs', 'creator', 'datePublished', 'usageInfo', 'isLiveDataset']

const isKept = (key: string): boolean => key.startsWith('rai:') || key.startsWith('prov:') || keptKeys.includes(key)

/** Uses that an ODRL policy prohibits, as consent that is not given. */
const prohibited = (usageInfo: unknown): Consent =>
  Object.fromEntries(
    listOf(usageInfo)
      .flatMap((policy) => listOf(membersOf(policy)['odrl:prohibition'] ?? membersOf(policy).prohibition))
      .flatMap((rule) => textsOf(membersOf(rule)['odrl:action'] ?? membersOf(rule).action))
      .map((action) => [action.split(/[:/#]/).at(-1) ?? action, 'notAllowed'] as const),
  )

const lastOf = (path: string): string => path.split(/[/\\]/).at(-1) ?? path

const fileObject = (distribution: unknown, fileName: string): Readonly<Record<string, unknown>> | undefined =>
  listOf(distribution)
    .map(membersOf)
    .find((file) =>
      [file['@id'], file.name, file.contentUrl].some((name) => typeof name === 'string' && lastOf(name) === fileName),
    )

const digestOf = (file: Readonly<Record<string, unknown>>, fileName: string): Pick<Claims, 'digests' | 'warnings'> => {
  const { sha256 } = file
  if (sha256 === undefined) return { digests: {}, warnings: [`it tells no sha256 of ${fileName}`] }
  // The standard's own examples carry digests of 32 and 40 digits under this name.
  if (typeof sha256 !== 'string' || !/^[0-9a-fA-F]{64}$/.test(sha256))
    return {
      digests: {},
      warnings: [`its sha256 of ${fileName} has ${String(sha256).length} characters, a SHA-256 has 64: not compared`],
    }
  return { digests: { sha256: sha256.toLowerCase() }, warnings: [] }
}

/**
 * Reads a Croissant description (1.0 or 1.1, JSON-LD) for what it claims of the file `fileName`. Keys of the RAI
 * vocabulary and of PROV are kept as they are. Throws DATA_FORMAT_UNSUPPORTED where it is no such description.
 */
export const readCroissant = (text: string, fileName: string): Claims => {
  const document = documentSchema.safeParse(jsonOf(text))
  const conforms = textsOf(document.data?.conformsTo ?? document.data?.['dct:conformsTo'])
  if (!document.success || !conforms.some((uri) => versions.includes(uri.replace(/\/$/, ''))))
    throw new BartizanError('DATA_FORMAT_UNSUPPORTED', 'the description is no Croissant 1.0 or 1.1', {
      hint: `it must be JSON-LD that conforms to ${versions.join(' or ')}`,
      data: { conformsTo: conforms },
    })
  const { license, url, distribution, usageInfo } = document.data
  const file = fileObject(distribution, fileName)
  const found =
    file === undefined ? { digests: {}, warnings: [`it does not name ${fileName}`] } : digestOf(file, fileName)
  const contentUrl =
    typeof file?.contentUrl === 'string' && file.contentUrl.includes('://') ? file.contentUrl : undefined
  return {
    format: 'croissant',
    licences: textsOf(license).map(normalLicence),
    source: contentUrl ?? url,
    consent: prohibited(usageInfo),
    digests: found.digests,
    kept: Object.fromEntries(Object.entries(document.data).filter(([key]) => isKept(key))),
    warnings: found.warnings,
  }
}
