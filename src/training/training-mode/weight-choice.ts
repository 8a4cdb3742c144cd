import { BartizanError } from '../../base/errors.ts'
import { nearest } from '../../base/registry.ts'

/** The names that patterns match, `*` standing for any characters. Throws CONFIG_INVALID for one that matches nothing. */
export const chosenWeights = (patterns: readonly string[], known: readonly string[]): readonly string[] => {
  const expressions = patterns.map((pattern) => {
    const expression = new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`)
    if (known.some((name) => expression.test(name))) return expression
    const guess = nearest(pattern, known)
    throw new BartizanError('CONFIG_INVALID', `no weight of the model is called "${pattern}"`, {
      hint: guess ? `did you mean "${guess}"?` : `its weights are ${known.slice(0, 20).join(', ')}`,
      data: { pattern },
    })
  })
  return known.filter((name) => expressions.some((expression) => expression.test(name)))
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
