import { identifier } from '../../../data/formats/duckdb.ts'
import { type Compile, has, typedName } from './rule.ts'

/** Each key is one of another file's. A key with a missing part is not looked at, as in SQL. */
export const foreign: Compile<'foreign'> = async (rule, { reference, fresh, typed }) => {
  const { columns, file, references } = rule.test
  const table = identifier(fresh('keys'))
  const keys = columns.map((_, i) => identifier(`bz:k${i}`))
  const names = columns.map(typedName)
  const source = file === '' ? typed : await reference(file, references, columns)
  const there = file === '' ? references.map(typedName) : keys
  const where = file === '' ? 'this table' : file
  return {
    kind: 'row',
    looks: names.map(has).join(' AND '),
    breaks: `${table}.${keys[0]} IS NULL`,
    required: `found in (${references.join(', ')}) of ${where}`,
    unit: columns.length === 1 ? 'values' : 'rows',
    fault: `are not found in (${references.join(', ')}) of ${where}`,
    shows: columns,
    ...(file === '' && { across: { kind: 'orphans', key: columns, among: references } }),
    before: {
      statements: [
        `CREATE TEMP TABLE ${table} AS SELECT DISTINCT ${there.map((name, i) => `${name} AS ${keys[i]}`).join(', ')}
         FROM ${source} WHERE ${there.map(has).join(' AND ')}`,
      ],
    },
    join: `LEFT JOIN ${table} ON ${names.map((name, i) => `${table}.${keys[i]} = t.${name}`).join(' AND ')}`,
  }
}
