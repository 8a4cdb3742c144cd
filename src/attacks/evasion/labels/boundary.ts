import { defineAttack } from '../../../threat/attack.ts'
import { boundaryWalk } from './boundary-walk.ts'
import { walkRows } from './label-walks.ts'

/** Walks at random along the decision boundary, ever nearer to the clean row, seeing predicted classes only. */
export const boundary = defineAttack({
  id: 'boundary',
  title: 'Boundary attack: a random walk along the boundary, from predicted classes alone',
  reference: 'Brendel, Rauber and Bethge 2018, arXiv:1712.04248',
  access: 'labels',
  tasks: ['classification', 'regression', 'multi-label'],
  norms: ['l2'],
  minimal: true,
  parameters: {
    queries: { kind: 'integer', default: 5000, min: 1, help: 'most model queries for one row' },
    'spherical-step': {
      kind: 'number',
      default: 0.1,
      min: 1e-6,
      max: 1,
      help: 'first length of the step along the sphere, as a share of the distance; each row adapts its own',
    },
    'source-step': {
      kind: 'number',
      default: 0.01,
      min: 1e-6,
      max: 0.5,
      help: 'first length of the step towards the row, as a share of the distance; each row adapts its own',
    },
    'step-adaptation': {
      kind: 'number',
      default: 1.05,
      min: 1.001,
      max: 10,
      help: 'factor by which steps grow after a success and shrink after a failure',
    },
    'check-every': {
      kind: 'integer',
      default: 20,
      min: 1,
      help: 'steps to one question about the step along the sphere alone',
    },
    'initial-tries': { kind: 'integer', default: 100, min: 1, help: 'noise points tried for an adversarial start' },
  },
  run: (context, parameters) =>
    walkRows(context, {
      queries: parameters.queries,
      tries: parameters['initial-tries'],
      walk: (start) =>
        boundaryWalk(start, {
          sphericalStep: parameters['spherical-step'],
          sourceStep: parameters['source-step'],
          adaptation: parameters['step-adaptation'],
          every: parameters['check-every'],
        }),
    }),
})
