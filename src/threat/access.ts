import type { AttackedModel } from '../models/attacked-model.ts'

/**
 * What the attacker sees of the model. `weights`: all that its file holds, where there are no gradients to follow;
 * `nothing`: the input is changed without asking.
 */
export type Access = 'gradients' | 'weights' | 'scores' | 'labels' | 'nothing'

/** Whether there is nothing to be seen but the predicted class. */
export const showsLabelsOnly = ({ output }: Pick<AttackedModel, 'output'>): boolean => output.kind === 'predicted-class'

/** Whether the attacker has the model itself. */
export const seesWeights = (access: Access): boolean => access === 'gradients' || access === 'weights'
