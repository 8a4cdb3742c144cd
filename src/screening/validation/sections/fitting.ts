import type { SchemaProblem } from '../schema/document.ts'
import type { LoadedSchema } from '../schema/load-schema.ts'
import type { Sections } from '../schema/yaml-sections.ts'

export type DataKind = 'table' | 'images' | 'arrays'

const what: Readonly<Record<DataKind, string>> = {
  table: 'a table',
  images: 'a folder of images',
  arrays: 'a file of arrays',
}

/** Sections that say something about data of a kind; one of the first must be there, or nothing would be looked at. */
const fitting: Readonly<Record<DataKind, { readonly needed: readonly string[]; readonly also: readonly string[] }>> = {
  table: { needed: ['columns'], also: ['duplicates', 'leakage', 'labels'] },
  images: { needed: ['images', 'labels'], also: ['leakage'] },
  arrays: { needed: ['arrays', 'images', 'labels'], also: ['duplicates', 'leakage', 'extra-arrays'] },
}

/** Keys of tables and images only. */
const duplicatesOfTables = ['ignore', 'target', 'text', 'near-rows', 'similarity'] as const
const leakageOfTables = ['ignore', 'target', 'time', 'text', 'similarity'] as const

const keyProblems = (sections: Sections, kind: DataKind): readonly SchemaProblem[] => {
  if (kind === 'table') return []
  const about = `is about the columns of a table, and the data are ${what[kind]}`
  return [
    ...duplicatesOfTables
      .filter((key) => sections.duplicates?.[key] !== undefined)
      .map((key) => ({ path: ['duplicates', key], message: `${key} ${about}`, onKey: true })),
    ...(sections.leakage ?? []).flatMap((entry, i) =>
      leakageOfTables
        .filter((key) => entry[key] !== undefined)
        .map((key) => ({ path: ['leakage', i, key], message: `${key} ${about}`, onKey: true })),
    ),
  ]
}

const labelProblems = ({ labels }: Sections, kind: DataKind): readonly SchemaProblem[] => {
  if (labels === undefined) return []
  const keys = { table: ['column'], images: [], arrays: ['array', 'file'] } as const
  const given = (['column', 'array', 'file'] as const).filter((key) => labels[key] !== undefined)
  const wrong = given.filter((key) => !keys[kind].some((known) => known === key))
  const hints = {
    table: 'name the column of labels with column:',
    images: 'the folders are the classes',
    arrays: 'name the labels with array: or file:',
  }
  if (wrong.length > 0)
    return wrong.map((key) => ({
      path: ['labels', key],
      message: `the data are ${what[kind]}: ${hints[kind]}`,
      onKey: true,
    }))
  return kind !== 'images' && given.length !== 1 ? [{ path: ['labels'], message: hints[kind] }] : []
}

/** Throws CONFIG_INVALID where a section asks what can't be told of such data, or none says anything about them. */
export const checkFitting = (schema: LoadedSchema, kind: DataKind): Sections => {
  const { sections = {}, columns, document } = schema
  const given = [...Object.keys(sections), ...(columns.length > 0 ? ['columns'] : [])]
  const { needed, also } = fitting[kind]
  const strange = given.filter((key) => !needed.includes(key) && !also.includes(key))
  const problems: readonly SchemaProblem[] = [
    ...strange.map((key) => ({ path: [key], message: `${key}: the data are ${what[kind]}`, onKey: true })),
    ...(needed.some((key) => given.includes(key))
      ? []
      : [{ path: [], message: `the data are ${what[kind]}, and the schema has no ${needed.join(' or ')}` }]),
    ...keyProblems(sections, kind),
    ...labelProblems(sections, kind),
  ]
  if (problems.length > 0) throw document.error(problems)
  return sections
}
