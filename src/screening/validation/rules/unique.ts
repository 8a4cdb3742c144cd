import { identifier } from '../../../data/formats/duckdb.ts'
import { type Compile, has, typedName } from './rule.ts'

/** No two rows have the same key. Every row of a repeated key is at fault: which one is right can't be told from here. */
export const unique: Compile<'unique'> = (rule, { typed, fresh }) => {
  const { columns } = rule.test
  const table = identifier(fresh('keys'))
  const names = columns.map(typedName)
  const present = names.map(has).join(' AND ')
  const keys = columns.map((_, i) => identifier(`bz:k${i}`))
  const looked = rule.where === undefined ? present : `${present} AND (${rule.where}\n)`
  return {
    kind: 'row',
    looks: present,
    breaks: `${table}.${keys[0]} IS NOT NULL`,
    required: 'no value twice',
    unit: columns.length === 1 ? 'values' : 'rows',
    fault: `share ${columns.length === 1 ? 'their value' : `(${columns.join(', ')})`} with another row`,
    shows: columns,
    across: { kind: 'repeats', key: columns },
    before: {
      statements: [
        `CREATE TEMP TABLE ${table} AS SELECT ${names.map((name, i) => `${name} AS ${keys[i]}`).join(', ')}
         FROM ${typed} WHERE ${looked} GROUP BY ${names.map((_, i) => i + 1).join(', ')} HAVING count(*) > 1`,
      ],
      probe: `SELECT count(*) AS n FROM ${table}`,
    },
    join: `LEFT JOIN ${table} ON ${names.map((name, i) => `${table}.${keys[i]} = t.${name}`).join(' AND ')}`,
  }
}
