import type { Features, RelationConfig } from '../../contract/index.ts'

const changes = { any: undefined, none: 'does not change', up: 'may only grow', down: 'may only fall' } as const

/** Every constraint of the section, in words, for reports. */
export const ruleWords = (features: Features): readonly string[] => [
  ...Object.entries(features.columns).flatMap(([name, { change, range, step, values, scale, cost }]) => {
    const words = [
      changes[change],
      range && `${range[0]} to ${range[1]}`,
      step !== undefined && (step === 1 ? 'whole numbers' : `multiples of ${step}`),
      values && `one of ${values.join(', ')}`,
      scale !== undefined && `a change of ${scale} counts as 1`,
      cost !== undefined && `changes count ${cost} times`,
    ].filter((word) => typeof word === 'string')
    return words.length > 0 ? [`${name}: ${words.join('; ')}`] : []
  }),
  ...features['one-hot'].map((group) => `exactly one of ${group.join(', ')}`),
  ...features.relations.map(relationWords),
]

const relationWords = ({ terms, equals, 'at-least': least, 'at-most': most }: RelationConfig): string => {
  const sum = Object.entries(terms)
    .map(([name, factor]) => (factor === 1 ? name : `${factor} ${name}`))
    .join(' + ')
  if (equals !== undefined) return `${sum} = ${equals}`
  return `${least === undefined ? '' : `${least} <= `}${sum}${most === undefined ? '' : ` <= ${most}`}`
}
