/** A string as an SQL literal. */
export const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** A path as an SQL literal that names this one file: the engine takes [, * and ? for patterns. */
export const pathLiteral = (path: string): string => literal(path.replace(/[[*?]/g, '[$&]'))

/** A name as an SQL identifier. */
export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`
