import { defineScreen } from '../../threat/screen.ts'
import { twoMeans } from '../linear/k-means.ts'
import { coordinates, principal, type Rows } from '../linear/principal.ts'
import { groupScreen } from './class-tests/group-screen.ts'

/**
 * Projections of some rows on the first right singular vector of others. Centred, their squares are the outlier scores of
 * Tran et al.; uncentred, their absolute values are what ART and the authors' own code use.
 */
export const spectralProjection = (learned: Rows, measured: Rows, isCentred: boolean): Float64Array =>
  coordinates(measured, principal(learned, 1, isCentred))

/**
 * Spectral signatures (Tran, Li and Madry 2018, arXiv:1811.00636). The paper drops a stated share of each class, poisoned
 * or not; here the projections must have two peaks before any row is taken for poison.
 */
export const spectralSignatures = defineScreen({
  id: 'spectral-signatures',
  title: 'Classes that a singular vector of their features parts in two',
  reference: 'Tran, Li and Madry 2018, arXiv:1811.00636; dip test: Hartigan and Hartigan 1985',
  needs: ['labels', 'features'],
  parameters: {
    variant: {
      kind: 'choice',
      default: 'centred',
      choices: ['centred', 'uncentred'],
      help: 'centred: as in the paper; uncentred: as in ART and the code of the authors',
    },
  },
  run: async (context, { variant }) =>
    groupScreen(context, {
      statistic: 'projections on the first singular vector',
      project: (learned, measured) => spectralProjection(learned, measured, variant === 'centred'),
      split(rows, key) {
        const along = spectralProjection(rows, rows, variant === 'centred')
        const { cluster } = twoMeans(along, 1, context.random('k-means', key))
        const score = along.map((value) => (variant === 'centred' ? value * value : Math.abs(value)))
        return { group: cluster, score: () => score }
      },
    }),
})
