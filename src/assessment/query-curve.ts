import type { Probe } from '../contract/index.ts'
import { figure } from '../stats/index.ts'
import type { ProbeRecord } from './probe-record.ts'

/** Points to a factor of ten on the axis of queries. */
const pointsADecade = 4

/**
 * Share of the rows broken within so many queries a row, at queries evenly spaced on a logarithmic axis up to the last
 * success; undefined where the attack counts no queries or breaks nothing.
 */
export const queryCurve = ({ outcome }: Pick<ProbeRecord, 'outcome'>): Probe['queryCurve'] => {
  const { broken, brokenAfter } = outcome
  const spent = brokenAfter.filter((queries, row) => broken[row] && queries > 0)
  if (spent.length === 0) return undefined
  const last = spent.reduce((a, b) => Math.max(a, b))
  const points = Math.ceil(pointsADecade * Math.log10(last)) + 1
  const axis = Array.from({ length: points }, (_, i) => Math.min(last, Math.round(10 ** (i / pointsADecade))))
  return [...new Set(axis)].map((queries) => ({
    queries,
    success: figure(spent.filter((count) => count <= queries).length, broken.length),
  }))
}
