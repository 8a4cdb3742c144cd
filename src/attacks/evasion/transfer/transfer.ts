import { defineAttack } from '../../../threat/attack.ts'
import { targetOf } from '../../../threat/target.ts'
import { climbWithMomentum, momentumParameters } from '../gradient/momentum.ts'

/**
 * Rows made on models of the attacker's own and sent to the model once, without having asked it anything. Several
 * surrogates make an ensemble: the loss sees the mean of their logits, or the losses are averaged. What the surrogates
 * are asked is nobody's cost and not counted.
 */
export const transfer = defineAttack({
  id: 'transfer',
  title: "Transfer from models of the attacker's own: momentum steps with input diversity, alone or as an ensemble",
  reference:
    'Papernot et al. 2016, arXiv:1605.07277; MI and ensembles in logits: Dong et al. 2018, arXiv:1710.06081; DI: Xie et al. 2019, arXiv:1803.06978; TI: Dong et al. 2019, arXiv:1904.02884',
  access: 'nothing',
  transfers: true,
  norms: ['linf', 'l2', 'l1'],
  parameters: {
    ...momentumParameters,
    diversity: { ...momentumParameters.diversity, default: 0.5 },
    ensemble: {
      kind: 'choice',
      default: 'logits',
      choices: ['logits', 'losses'],
      help: 'what several surrogates are averaged in: logits see the mean of the logits, at one more pass each; losses see the mean of the losses',
    },
  },
  run: (context, parameters) =>
    climbWithMomentum(
      context,
      (context.surrogates ?? []).map((surrogate) => targetOf(surrogate, 'gradients')),
      { parameters, fused: parameters.ensemble === 'logits', earlyStop: false },
    ),
})
