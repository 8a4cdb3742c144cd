import { z } from 'zod'
import { BartizanError } from '../../base/errors.ts'
import { normalLicence } from '../lineage/licence.ts'
import type { Claims } from './croissant-read.ts'
import { dpiLicence, isNotCommercial } from './dpi-licences.ts'
import { membersOf } from './json-members.ts'

const textSchema = z.string().optional().catch(undefined)

const licenceSchema = z.looseObject({ License: z.string(), 'License URL': textSchema })

const entrySchema = z.looseObject({
  'Unique Dataset Identifier': z.string(),
  'Dataset Name': textSchema,
  Licenses: z.array(licenceSchema),
  'Dataset URL': textSchema,
  'Hugging Face URL': textSchema,
  'Collection URL': textSchema,
  'Model Generated': z.array(z.string()).optional().catch(undefined),
})

type Entry = Readonly<z.infer<typeof entrySchema>>

const keptKeys = [
  'Unique Dataset Identifier',
  'Collection',
  'Licenses',
  'License Notes',
  'License Verified By',
  'Creators',
  'Languages',
  'Text Sources',
  'Source',
  'Derived from Datasets',
  'Model Generated',
]

/** Whether JSON looks like a summary of the Data Provenance Initiative: entries by name, each with its licences. */
export const isDpi = (document: unknown): boolean => {
  const entries = Object.values(membersOf(document)).map(membersOf)
  return entries.length > 0 && entries.every((entry) => 'Unique Dataset Identifier' in entry || 'Licenses' in entry)
}

const stemOf = (fileName: string): string => fileName.replace(/\.[^.]*$/, '').toLowerCase()

/** The entries that are about a file: the one of its name, or the only one; else all, since any of them may be. */
const entriesFor = (
  document: unknown,
  fileName: string,
): { readonly entries: readonly Entry[]; readonly of: number } => {
  const parsed = z.record(z.string(), entrySchema).safeParse(document)
  if (!parsed.success) {
    const [{ path, message }] = parsed.error.issues
    throw new BartizanError(
      'DATA_FORMAT_UNSUPPORTED',
      `the description is no summary of the Data Provenance Initiative: at ${path.join('.')}: ${message}`,
      { hint: 'one file of its data_summaries folder', data: { path } },
    )
  }
  const all = Object.entries(parsed.data)
  const named = all.filter(([key, entry]) =>
    [key, entry['Unique Dataset Identifier'], entry['Dataset Name']].some(
      (name) => name?.toLowerCase() === stemOf(fileName),
    ),
  )
  return { entries: (named.length > 0 ? named : all).map(([, entry]) => entry), of: all.length }
}

const isPresent = (text: string | undefined): text is string => text !== undefined && text !== ''

/**
 * Reads a summary of the Data Provenance Initiative (arXiv:2310.16787), one file of its data_summaries: licences as its
 * annotators found them, creators, sources, languages. All licences of an entry hold at once. `customClasses` is its
 * custom_license_classes.json: what the annotators made of licences without a name, by their page. There is no digest
 * in it, so nothing ties it to the bytes of `fileName`. Throws DATA_FORMAT_UNSUPPORTED.
 */
export const readDpi = (document: unknown, fileName: string, customClasses: unknown = {}): Claims => {
  const { entries, of } = entriesFor(document, fileName)
  const classes = membersOf(customClasses)
  const licences = entries.flatMap(({ Licenses }) => Licenses)
  const sources = entries.map((entry) =>
    [entry['Dataset URL'], entry['Hugging Face URL'], entry['Collection URL']].find(isPresent),
  )
  const models = [...new Set(entries.flatMap((entry) => entry['Model Generated'] ?? []))]
  const forbidden = licences.some(({ License, 'License URL': url }) => isNotCommercial(License, url, classes))
  return {
    format: 'dpi',
    licences: [...new Set(licences.map(({ License, 'License URL': url }) => normalLicence(dpiLicence(License, url))))],
    source: entries.length === 1 ? sources[0] : undefined,
    consent: forbidden ? { commercial_use: 'notAllowed' } : {},
    digests: {},
    kept: {
      entries: entries.map((entry) =>
        Object.fromEntries(keptKeys.filter((key) => key in entry).map((key) => [key, entry[key]])),
      ),
    },
    warnings: [
      'it tells no digest: nothing ties it to these bytes',
      ...(of > 1 && entries.length === of
        ? [`none of its ${of} entries is named like ${fileName}: the terms of all were taken`]
        : []),
      ...(licences.length === 0 ? ['it tells no licence'] : []),
      ...(models.length > 0 ? [`text of ${models.join(', ')} is in it: the terms of their makers may bind`] : []),
    ],
  }
}
