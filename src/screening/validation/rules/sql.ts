import type { Compile } from './rule.ts'

/** Each row for which the expression is true or false; it is not looked at where the expression is NULL, as in SQL. */
export const sql: Compile<'sql'> = (rule, { columns }) => {
  // A line feed ends a comment that the expression may end with.
  const expression = `(${rule.test.sql}\n)`
  const shows = columns.map(({ name }) => name).filter((name) => mentions(rule.test.sql, name))
  return {
    kind: 'row',
    looks: `${expression} IS NOT NULL`,
    breaks: `NOT ${expression}`,
    required: rule.test.sql,
    unit: 'rows',
    fault: `don't hold: ${rule.test.sql}`,
    shows: shows.slice(0, 8),
  }
}

/** Whether the expression has the name as a word, perhaps in a text or as a function: true is a guess, false is certain. */
export const mentions = (expression: string, name: string): boolean => {
  const text = expression.toLowerCase()
  const word = name.toLowerCase()
  for (let at = text.indexOf(word); at !== -1; at = text.indexOf(word, at + 1))
    if (!/\w/.test(text[at - 1] ?? ' ') && !/\w/.test(text[at + word.length] ?? ' ')) return true
  return false
}
