import { BartizanError } from '../../../base/errors.ts'
import type { Classifier } from '../../../models/classifier.ts'
import type { PoisonContext } from '../../../threat/poisoning.ts'

/** The model that rows are crafted by. Throws ATTACK_NOT_APPLICABLE where there is none, or none with gradients. */
export const neededModel = (id: string, { model, size, classes }: PoisonContext): Classifier => {
  const refuse = (why: string, hint: string): BartizanError =>
    new BartizanError('ATTACK_NOT_APPLICABLE', `${id} crafts its rows by the gradients of a model: ${why}`, { hint })
  if (!model) throw refuse('there is none', 'name a model, or use an attack without one: label-flip, badnets, blended')
  if (!model.differentiable.ok)
    throw refuse(model.differentiable.reason, 'attacks without a model work: label-flip, badnets, blended')
  if (model.size !== size || model.classes < classes)
    throw refuse(
      `it takes rows of ${model.size} values and tells ${model.classes} classes apart, the data has ${size} and ${classes}`,
      'use a model of the same data',
    )
  return model
}
