import type { BiasRate } from '../../../contract/bias-result.ts'
import type { Figure } from '../../../contract/index.ts'
import { figure } from '../../../stats/index.ts'
import type { Counts } from './counts.ts'

/** k of n rows. */
export interface Share {
  readonly k: number
  readonly n: number
}

/** Each rate as a share of the rows that can show it. A rate of nobody is not 0 (as AIF360 has it) but undefined. */
export const rates: Readonly<Record<BiasRate, (counts: Counts) => Share>> = {
  baseRate: (c) => ({ k: c.positives, n: c.labelled }),
  selectionRate: (c) => ({ k: c.selected, n: c.predicted }),
  truePositiveRate: (c) => ({ k: c.truePositives, n: c.truePositives + c.falseNegatives }),
  falsePositiveRate: (c) => ({ k: c.falsePositives, n: c.falsePositives + c.trueNegatives }),
  falseNegativeRate: (c) => ({ k: c.falseNegatives, n: c.truePositives + c.falseNegatives }),
  positivePredictiveValue: (c) => ({ k: c.truePositives, n: c.truePositives + c.falsePositives }),
  negativePredictiveValue: (c) => ({ k: c.trueNegatives, n: c.trueNegatives + c.falseNegatives }),
  accuracy: (c) => ({
    k: c.truePositives + c.trueNegatives,
    n: c.truePositives + c.trueNegatives + c.falsePositives + c.falseNegatives,
  }),
}

export const rateNames = Object.keys(rates) as readonly BiasRate[]

/** The rates that the rows show, each with Wilson's interval. */
export const ratesOf = (counts: Counts): Partial<Record<BiasRate, Figure>> => {
  const shown: Partial<Record<BiasRate, Figure>> = {}
  for (const name of rateNames) {
    const { k, n } = rates[name](counts)
    if (n > 0) shown[name] = figure(k, n)
  }
  return shown
}
