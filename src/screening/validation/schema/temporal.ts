import type { ColumnType } from './model.ts'

export type TemporalType = 'date' | 'datetime' | 'time'

export const isTemporal = (type: ColumnType | undefined): type is TemporalType =>
  type === 'date' || type === 'datetime' || type === 'time'

const patterns: Readonly<Record<TemporalType, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  datetime: /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})?)?$/,
  time: /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,6})?)?$/,
}

/** `value` as the engine reads it for the type (a moment in UTC), undefined where it is no such date or time. */
export const temporalText = (type: TemporalType, value: unknown): string | undefined => {
  if (typeof value !== 'string' || !patterns[type].test(value)) return undefined
  if (type === 'time') return value
  const day = value.slice(0, 10)
  const midnight = new Date(`${day}T00:00:00Z`)
  if (Number.isNaN(midnight.getTime()) || midnight.toISOString().slice(0, 10) !== day) return undefined
  if (type === 'date' || value.length === 10) return value
  const moment = new Date(`${value.replace(' ', 'T')}${/(Z|[+-]\d{2}:\d{2})$/.test(value) ? '' : 'Z'}`)
  return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString().replace('T', ' ').replace('Z', '')
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 }

/** Seconds of "90s", "30m", "12h", "7d" or "2w"; undefined for other text. */
export const durationSeconds = (text: string): number | undefined => {
  const [, amount, unit] = /^(\d{1,9}(?:\.\d{1,3})?)\s?([smhdw])$/.exec(text) ?? []
  return amount === undefined || unit === undefined ? undefined : Number(amount) * units[unit]!
}

/** Seconds in words: "7 days". */
export const durationWords = (seconds: number): string => {
  const [unit, size] = (
    [
      ['day', 86_400],
      ['hour', 3600],
      ['minute', 60],
    ] as const
  ).find(([, length]) => seconds >= length && seconds % length === 0) ?? ['second', 1]
  const count = seconds / size
  return `${count} ${unit}${count === 1 ? '' : 's'}`
}
