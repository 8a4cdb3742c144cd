import type { Curve, Flag } from '../contract/index.ts'
import { gradientRules } from '../onnx/autodiff/rules/index.ts'
import { crossEntropy } from '../onnx/losses.ts'
import { ruleKey } from '../onnx/shapes/infer.ts'
import type { Graph } from '../onnx/types.ts'
import { toInt64 } from '../threat/rows.ts'
import { type Target, targetOf } from '../threat/target.ts'
import type { ProbeRecord } from './probe-record.ts'
import type { Subject } from './subject.ts'

/**
 * Signs that an attack fails for a reason other than robustness: gradients that are zero, noisy or misleading (Carlini
 * et al. 2019, arXiv:1902.06705, section 5; Athalye et al. 2018, arXiv:1802.00420). Each is put on the probe whose good
 * grade it casts doubt on.
 */
export interface Doubt {
  readonly probe: string
  readonly flag: Flag
}

/** Rows that an attacker who sees less breaks and one who sees everything doesn't; AutoAttack's authors warn at 0.2 %. */
const blackBoxMargin = 0.002

export const blackBoxStronger = (records: readonly ProbeRecord[]): readonly Doubt[] =>
  records
    .filter(({ access }) => access === 'gradients')
    .flatMap((white) => {
      const others = records.filter(
        (other) => other.access !== 'gradients' && other.norm === white.norm && other.epsilon <= white.epsilon,
      )
      const more = others
        .map((other) => ({
          other,
          count: other.outcome.broken.filter((b, row) => b && white.outcome.broken[row] === false).length,
        }))
        .sort((a, b) => b.count - a.count)[0]
      const rows = Math.min(more?.other.outcome.broken.length ?? 0, white.outcome.broken.length)
      // One-step attacks are weak without anything being wrong.
      if (!more || white.attack === 'fgsm' || more.count <= Math.max(1, blackBoxMargin * rows)) return []
      const message = `${more.other.attack}, which sees ${more.other.access} only, broke ${more.count} of ${rows} rows that ${white.attack} did not: its gradients may be masked`
      return [{ probe: white.id, flag: { id: 'black-box-stronger', message, measured: more.count } }]
    })

/** More steps from the same point must not do worse than one. */
export const iterationHelps = (records: readonly ProbeRecord[]): readonly Doubt[] =>
  records
    .filter(({ attack }) => attack === 'pgd')
    .flatMap((many) => {
      const single = records.find((r) => r.attack === 'fgsm' && r.norm === many.norm && r.epsilon === many.epsilon)
      const lost = (single?.result.robustAccuracy.value ?? 1) - many.result.robustAccuracy.value
      if (!single || lost >= -1 / many.result.rows) return []
      const message = `one gradient step left ${percent(single.result.robustAccuracy.value)} robust, ${many.params.steps} steps ${percent(many.result.robustAccuracy.value)}: the loss surface misleads the attack`
      return [{ probe: many.id, flag: { id: 'iteration-does-not-help', message, measured: lost } }]
    })

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`

/** Accuracy must fall to chance or below where the budget is the whole range; a curve that doesn't isn't robustness. */
export const unboundedBudgetBreaks = (curve: Curve, classes: number, probe: string): readonly Doubt[] => {
  const last = curve.points.at(-1)
  if (!last || last.accuracy.low <= 1 / classes) return []
  const message = `with a budget of ${last.epsilon}, the whole range of the input, ${curve.attack} still leaves ${percent(last.accuracy.value)} robust (chance: ${percent(1 / classes)}): the attack fails, not the attacker`
  return [{ probe, flag: { id: 'flat-in-budget', message, measured: last.accuracy.value } }]
}

/** That share among the first rows of what is assessed. */
export const shareWithoutGradient = async ({ model, set }: Pick<Subject, 'model' | 'set'>): Promise<number> => {
  const { x, y } = await set.read(0, Math.min(256, set.rows))
  return zeroGradientShare(targetOf(model, 'gradients'), x as Float32Array, y!)
}

/** Share of rows whose loss gradient is zero in every coordinate. */
export const zeroGradientShare = async (target: Target, x: Float32Array, labels: Int32Array): Promise<number> => {
  const program = await target.program({
    key: 'gradient size',
    inputs: { labels: { dtype: 'int64', dims: [] } },
    build: ({ g, logits, input, gradient }) => {
      const dX = gradient(crossEntropy(g, logits, input('labels')))
      return { largest: g.reduceMax(g.abs(g.op('Flatten', [dX], { axis: 1 })), [1]) }
    },
  })
  const { largest } = await program.run(labels.length, { x, labels: toInt64(labels) })
  return largest!.filter((value) => value === 0).length / labels.length
}

/** Gradients that are estimates by construction, by operator: a quantised graph's are passed straight through. */
export const estimatedGradients = (graph: Graph, records: readonly ProbeRecord[]): readonly Doubt[] => {
  const caveats = new Map(
    graph.nodes.flatMap((node) => {
      const caveat = gradientRules.get(ruleKey(node))?.caveat
      return caveat ? [[node.op, caveat] as const] : []
    }),
  )
  return [...caveats].flatMap(([op, caveat]) =>
    records
      .filter(({ access }) => access === 'gradients')
      .map(({ id }) => ({
        probe: id,
        flag: { id: 'estimated-gradient', message: `${op}: ${caveat}`, measured: null },
      })),
  )
}

/** More than one row in ten without any gradient is no accident of rounding. */
export const zeroGradients = (share: number, records: readonly ProbeRecord[]): readonly Doubt[] =>
  share <= 0.1
    ? []
    : records
        .filter(({ access }) => access === 'gradients')
        .map(({ id }) => ({
          probe: id,
          flag: {
            id: 'zero-gradients',
            message: `the loss has no gradient at all for ${percent(share)} of the clean rows: attacks that follow it can't move them`,
            measured: share,
          },
        }))
