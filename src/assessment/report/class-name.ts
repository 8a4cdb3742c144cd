import type { Report } from '../../contract/index.ts'

/** The name of a class where the data set names its classes, or its number. */
export const className = (label = 0, { data }: { readonly data: Pick<Report['data'], 'classNames'> }): string =>
  data.classNames?.[label] ?? String(label)
