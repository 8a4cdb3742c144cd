import type { TrainProgress } from '../../training/train.ts'
import type { Progress } from '../progress.ts'
import { number, percent } from '../report/format.ts'

/** "epoch 2/10, step 30/469, loss 0.412, accuracy 87.2 %". */
const place = ({ epoch, epochs, step, steps, loss, accuracy }: TrainProgress): string =>
  `epoch ${epoch}/${epochs}, step ${step}/${steps}, loss ${number(loss)}, accuracy ${percent(accuracy)}`

/** What a defence tells as it works, as progress of the current step. */
export const trainingLine =
  ({ update }: Pick<Progress, 'update'>) =>
  (told: TrainProgress | { readonly stage: string; readonly done: number }): void => {
    if ('stage' in told) update(told.done, told.stage)
    else update((told.epoch - 1 + told.step / told.steps) / told.epochs, place(told))
  }
