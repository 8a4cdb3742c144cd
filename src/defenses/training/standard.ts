import { defineDefense } from '../../threat/defense.ts'
import { standard } from '../../training/objective.ts'
import { recipeParameters } from '../../training/recipe.ts'
import { fit } from './fit.ts'

/** Minimises the cross-entropy on the rows as they are: the reference that every other way of training is held against. */
export const standardTraining = defineDefense({
  id: 'standard',
  title: 'Plain training or fine-tuning on clean rows',
  reference: 'Goodfellow, Bengio and Courville 2016, Deep Learning, chapter 8',
  holds:
    'Withstands nothing in particular: networks that are trained on clean rows alone fall to the smallest budgets.',
  aim: 'accuracy',
  parameters: recipeParameters,
  run: (context, parameters) =>
    fit(context, parameters, standard(parameters['label-smoothing']), { chooseBy: 'accuracy' }),
})
