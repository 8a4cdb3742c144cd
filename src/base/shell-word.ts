/** A word as a POSIX shell reads it back: in single quotes where anything in it could mean more than itself. */
export const shellWord = (text: string): string =>
  /^[\w./:=,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
