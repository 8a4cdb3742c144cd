import { aimOf } from '../../assessment/hardening/methods.ts'
import { wrapText } from '../../assessment/report/table.ts'
import type { AnyDefense } from '../../threat/defense.ts'
import { wrappedTable } from './fields.ts'
import { parametersText } from './parameters-text.ts'

/** What `bartizan harden list` prints. */
export const methodListText = (methods: readonly AnyDefense[], width: number): string =>
  [
    wrappedTable(
      [{ title: 'method' }, { title: 'aims at' }, { title: 'what it does' }],
      methods.map((method) => [method.id, aimOf(method), `${method.title} (${method.reference})`]),
      width,
    ),
    '',
    'bartizan harden list NAME shows what a method withstands, and its parameters.',
  ].join('\n')

/** What `bartizan harden list NAME` prints. */
export const methodText = (method: AnyDefense, width: number): string => {
  const { id, title, reference, holds, parameters } = method
  return [
    wrapText(`${id}: ${title}`, width),
    reference,
    `aims at ${aimOf(method)}`,
    '',
    wrapText(holds, width),
    '',
    parametersText(parameters, width),
  ].join('\n')
}
