import { stream } from '../../base/random.ts'
import type { ScreenContext } from '../../threat/screen.ts'
import type { Rows } from './rows.ts'

export const rowsOf = (values: readonly (readonly number[])[]): Rows => ({
  values: Float32Array.from(values.flat()),
  rows: values.length,
  width: values[0]?.length ?? 1,
})

/** Normal rows, a function of the key. */
export const normalRows = (rows: number, width: number, ...key: readonly (string | number)[]): Rows => {
  const values = new Float32Array(rows * width)
  stream('outliers', ...key).fillNormals(values)
  return { values, rows, width }
}

/** Everything that a screen may ask for, over normal rows. */
export const screenContext = (rows: Rows, given: Partial<ScreenContext> = {}): ScreenContext => ({
  x: rows.values,
  rows: rows.rows,
  size: rows.width,
  classes: 1,
  falseDiscoveryRate: 0.05,
  random: (...key) => stream(3, 'screen', ...key),
  progress: () => {},
  ...given,
})
