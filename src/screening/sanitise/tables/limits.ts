import { BartizanError } from '../../../base/errors.ts'

/** UTF-16 units of the longest cell; a longer one is an error, so that memory stays bounded whatever a file holds. */
export const longestCell = 2 ** 20
/** The same for a row or a line. */
export const longestRow = 2 ** 24

export const tooLong = (path: string, row: number | string, column: string | undefined, limit: number): BartizanError =>
  new BartizanError(
    'DATA_CORRUPT',
    `${path}, row ${row}${column === undefined ? '' : `, column "${column}"`}: more than ${limit} characters`,
    {
      hint: 'a quote that is never closed makes a cell of all that follows; otherwise split the text',
      data: { path, row, column, limit },
    },
  )

/** Throws DATA_CORRUPT for a cell that is too long. */
export const checkCell = (path: string, row: number | string, column: string, text: string): void => {
  if (text.length > longestCell) throw tooLong(path, row, column, longestCell)
}
