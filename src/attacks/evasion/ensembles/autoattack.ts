import { type AnyAttack, type AttackContext, defineAttack } from '../../../threat/attack.ts'
import { distances, tolerance } from '../../../threat/norm.ts'
import { type AnyParameters, resolveParameters } from '../../../threat/parameters.ts'
import { gatherRows, rowsWhere, scatterRows } from '../../../threat/rows.ts'
import { apgdCe, apgdTargeted } from '../apgd/apgd.ts'
import { fabTargeted } from '../minimal/fab.ts'
import { isBroken } from '../rows/goal.ts'
import { subset } from '../rows/subset.ts'
import { square } from '../scores/square.ts'

/**
 * The standard version of AutoAttack: Auto-PGD on the cross-entropy and on the targeted DLR, FAB towards nine targets
 * and Square with 5000 queries, each on the rows that withstood the ones before. What an attack breaks is predicted
 * again before its row is let go; a row that withstands all keeps its clean values.
 */
export const autoattack = defineAttack({
  id: 'autoattack',
  title: 'AutoAttack, standard version: APGD-CE, APGD-T, FAB-T and Square in turn',
  reference: 'Croce and Hein 2020, arXiv:2003.01690',
  access: 'gradients',
  norms: ['linf', 'l2', 'l1'],
  parameters: {
    steps: { kind: 'integer', default: 100, min: 1, help: 'steps of APGD and FAB' },
    targets: { kind: 'integer', default: 9, min: 1, help: 'classes that APGD-T (5 at most in L1) and FAB-T aim at' },
    queries: { kind: 'integer', default: 5000, min: 1, help: 'proposals of Square' },
  },
  async run(context, parameters) {
    const { x0, rows, size } = context
    const result = x0.slice()
    const stages = stagesFor(context.norm, parameters)
    let open = rowsWhere(rows, () => true)
    for (const [number, { attack, parameters }] of stages.entries()) {
      if (open.length === 0) break
      const part = subset(context, open, attack.id, (done) => context.progress((number + done) / stages.length))
      const { x: candidates } = await attack.run(part, resolveParameters(attack.id, attack.parameters, parameters))
      const broken = await brokenRows(part, candidates)
      const chosen = rowsWhere(open.length, (row) => broken.has(row))
      scatterRows(result, gatherRows(open, chosen, 1), gatherRows(candidates, chosen, size), size)
      open = open.filter((_, row) => !broken.has(row))
    }
    context.progress(1)
    return result
  },
})

interface Stage {
  readonly attack: AnyAttack
  readonly parameters: AnyParameters
}

const stagesFor = (
  norm: AttackContext['norm'],
  { steps, targets, queries }: { readonly steps: number; readonly targets: number; readonly queries: number },
): readonly Stage[] => [
  { attack: apgdCe, parameters: { steps, restarts: norm === 'l1' ? 5 : 1 } },
  { attack: apgdTargeted, parameters: { steps, targets: norm === 'l1' ? Math.min(5, targets) : targets } },
  { attack: fabTargeted, parameters: { steps, targets, 'early-stop': true } },
  { attack: square, parameters: { queries, 'rescale-schedule': false } },
]

/** Rows that a candidate within budget breaks when it is predicted by itself. */
const brokenRows = async (context: AttackContext, candidates: Float32Array): Promise<ReadonlySet<number>> => {
  const { target, rows, size, norm, epsilon, low, high, x0 } = context
  const classes = await target.predict(candidates, rows)
  const sizes = distances(norm, candidates, x0, size)
  const slack = tolerance(norm, epsilon, size, Math.max(Math.abs(low), Math.abs(high)))
  return new Set(rowsWhere(rows, (row) => isBroken(context, row, classes[row]!) && sizes[row]! <= epsilon + slack))
}
