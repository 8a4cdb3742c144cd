import { number } from '../../assessment/report/format.ts'
import { renderTable } from '../../assessment/report/table.ts'
import type { InputGradients } from '../work/input-gradients.ts'
import type { WeightGradients } from '../work/weight-gradients.ts'
import { counted } from './fields.ts'

interface Saved {
  readonly loss: string
  readonly saved: string
}

/** What `bartizan gradient` prints for the input. */
export const gradientText = (result: InputGradients & Saved): string => {
  const { loss, of, rows, shape, meanLoss, meanNorm, zeroRows, saved } = result
  return [
    `${loss} of ${counted(rows, 'row')}: mean ${number(meanLoss)}`,
    `gradient at the ${of}: mean L2 norm ${number(meanNorm)}`,
    zeroRows === 0
      ? 'every row has a gradient'
      : `${counted(zeroRows, 'row')} of ${rows} without any gradient: attacks that follow it can't move them`,
    `float32 [${[rows, ...shape].join(', ')}]: ${saved}`,
  ].join('\n')
}

/** What `bartizan gradient --of weights` prints. */
export const weightGradientText = (result: WeightGradients & Saved, width: number): string => {
  const { loss, rows, meanLoss, arrays, without, saved } = result
  return [
    `mean ${loss} of ${counted(rows, 'row')}: ${number(meanLoss)}`,
    '',
    renderTable(
      [{ title: 'weight' }, { title: 'shape' }, { title: 'L2 norm', align: 'right' }],
      arrays.map(({ name, shape, norm }) => [name, `[${shape.join(', ')}]`, number(norm)]),
      width,
    ),
    ...(without.length === 0 ? [] : ['', `without a gradient: ${without.join(', ')}`]),
    '',
    `gradients, one array a weight: ${saved}`,
  ].join('\n')
}
