import type { AnnotationMethod } from '../../../contract/annotations.ts'
import type { Answers } from '../answers/answers.ts'
import type { Consensus, Fitted } from './consensus.ts'
import { dawidSkene } from './dawid-skene.ts'
import { glad } from './glad.ts'
import { mace } from './mace.ts'
import { majorityVote } from './majority.ts'
import { oneCoin } from './one-coin.ts'

/**
 * The model of annotators that the answers can bear: a confusion matrix each (Dawid and Skene) where annotators have on
 * average as many answers as such a matrix has free rates, K (K - 1); else one rate each, as more would fit noise.
 */
export const bearable = ({ label, annotators, classes }: Answers): 'dawid-skene' | 'one-coin' =>
  label.length / annotators.length >= classes.length * (classes.length - 1) ? 'dawid-skene' : 'one-coin'

/** Error rates and consensus by the model that is asked for, or for any other method by the one that the answers can bear. */
export const fitRates = (method: AnnotationMethod, answers: Answers, smoothing: number): Fitted => {
  const model = method === 'dawid-skene' || method === 'one-coin' ? method : bearable(answers)
  return model === 'one-coin' ? oneCoin(answers, { smoothing }) : dawidSkene(answers, { smoothing, towards: 'pooled' })
}

/** The consensus by one of the methods; the first two have it from `fitRates`. */
export const consensusBy = (method: AnnotationMethod, answers: Answers, fitted: Fitted, seed: number): Consensus => {
  const methods: Readonly<Record<AnnotationMethod, () => Consensus>> = {
    'dawid-skene': () => fitted,
    'one-coin': () => fitted,
    glad: () => glad(answers),
    mace: () => mace(answers, { seed }),
    majority: () => majorityVote(answers),
  }
  return methods[method]()
}
