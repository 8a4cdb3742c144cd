import type { Artefact } from '../../contract/lineage.ts'

export interface CroissantColumn {
  readonly name: string
  /** DuckDB's name of the type. */
  readonly type: string
}

export interface CroissantInput {
  readonly artefact: Artefact
  readonly sources: readonly Artefact[]
  readonly columns: readonly CroissantColumn[]
  readonly bytes?: number
  readonly at?: string
  readonly by?: string
  readonly source?: string
  /** RAI and other keys of the description that the data came with. */
  readonly kept?: Readonly<Record<string, unknown>>
}

/** The context that the standard asks for, as far as its terms are used here (Croissant 1.1). */
const context = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  cr: 'http://mlcommons.org/croissant/',
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  fileSet: 'cr:fileSet',
  includes: 'cr:includes',
  odrl: 'http://www.w3.org/ns/odrl/2/',
  prov: 'http://www.w3.org/ns/prov#',
  rai: 'http://mlcommons.org/croissant/RAI/',
  recordSet: 'cr:recordSet',
  sc: 'https://schema.org/',
  source: 'cr:source',
}

const dataTypes: readonly (readonly [RegExp, string])[] = [
  [/^BOOLEAN$/, 'sc:Boolean'],
  [/INT(EGER)?$/, 'sc:Integer'],
  [/^(FLOAT|DOUBLE|DECIMAL.*)$/, 'sc:Float'],
  [/^DATE$/, 'sc:Date'],
  [/^TIMESTAMP/, 'sc:DateTime'],
]

const dataTypeOf = (type: string): string => dataTypes.find(([pattern]) => pattern.test(type))?.[1] ?? 'sc:Text'

const mediaTypes: Readonly<Record<string, string>> = {
  csv: 'text/csv',
  tsv: 'text/tab-separated-values',
  jsonl: 'application/jsonlines',
  ndjson: 'application/jsonlines',
  parquet: 'application/vnd.apache.parquet',
  json: 'application/json',
  txt: 'text/plain',
}

const lastOf = (path: string): string => path.split('/').at(-1) ?? path

const nameOf = ({ names, id }: Artefact): string => names[0] ?? id

const licenceUrl = (licence: string): string =>
  /^[A-Za-z0-9.+-]+$/.test(licence) ? `https://spdx.org/licenses/${licence}.html` : licence

const derivedFrom = (artefact: Artefact): Readonly<Record<string, unknown>> => ({
  '@id': `urn:sha256:${artefact.sha256 ?? artefact.root ?? artefact.id}`,
  name: nameOf(artefact),
})

const recordSetOf = (file: string, columns: readonly CroissantColumn[]): readonly unknown[] =>
  columns.length === 0
    ? []
    : [
        {
          '@type': 'cr:RecordSet',
          '@id': 'records',
          name: 'records',
          field: columns.map(({ name, type }) => ({
            '@type': 'cr:Field',
            '@id': `records/${name}`,
            name,
            dataType: dataTypeOf(type),
            source: { fileObject: { '@id': file }, extract: { column: name } },
          })),
        },
      ]

/**
 * A Croissant 1.1 description of a recorded data set: its file with its SHA-256, its columns, the strictest known of the
 * licences that it inherits, and what it was derived from. What is not known is left out, never made up.
 */
export const croissantOf = ({
  artefact,
  sources,
  columns,
  bytes,
  at,
  by,
  source,
  kept = {},
}: CroissantInput): string => {
  const file = lastOf(nameOf(artefact))
  const { strictest, consent } = artefact.terms
  const forbidden = Object.keys(consent).filter((use) => consent[use] === 'notAllowed')
  const carried = Object.entries(kept).filter(([key]) => key.startsWith('rai:'))
  const document = {
    '@context': context,
    '@type': 'sc:Dataset',
    conformsTo: [
      'http://mlcommons.org/croissant/1.1',
      ...(carried.length > 0 ? ['http://mlcommons.org/croissant/RAI/1.0'] : []),
    ],
    name: typeof kept.name === 'string' ? kept.name : file.replace(/\.[^.]*$/, ''),
    description: typeof kept.description === 'string' ? kept.description : `${file}, as recorded by Bartizan`,
    ...(strictest !== undefined && { license: strictest.split(' AND ').map(licenceUrl) }),
    ...(source !== undefined && { url: source }),
    ...(by !== undefined && { creator: { '@type': 'sc:Person', name: by } }),
    ...(at !== undefined && { datePublished: at.slice(0, 10) }),
    ...(forbidden.length > 0 && {
      usageInfo: { '@type': 'odrl:Policy', 'odrl:prohibition': forbidden.map((use) => ({ 'odrl:action': use })) },
    }),
    ...Object.fromEntries(carried),
    ...(sources.length > 0 && { 'prov:wasDerivedFrom': sources.map(derivedFrom) }),
    distribution: [
      {
        '@type': 'cr:FileObject',
        '@id': file,
        name: file,
        contentUrl: nameOf(artefact),
        encodingFormat: mediaTypes[file.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream',
        ...(bytes !== undefined && { contentSize: `${bytes} B` }),
        ...(artefact.sha256 !== undefined && { sha256: artefact.sha256 }),
      },
    ],
    recordSet: recordSetOf(file, columns),
  }
  return `${JSON.stringify(document, null, 2)}\n`
}
