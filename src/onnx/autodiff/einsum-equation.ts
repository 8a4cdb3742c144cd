import { einsumTerms } from '../shapes/einsum.ts'

/** The terms of an Einsum equation, one name an axis. */
export interface Equation {
  readonly inputs: readonly (readonly string[])[]
  readonly output: readonly string[]
}

/** Reads an equation for inputs of the given ranks; the axes that '...' stands for get names, counted from the right. */
export const readEquation = (text: string, ranks: readonly number[]): Equation => {
  const { inputs, output } = einsumTerms(text)
  const hidden = inputs.map((term, i) => (term.includes(ellipsis) ? ranks[i]! - (term.length - 1) : 0))
  const longest = Math.max(0, ...hidden)
  const named = (term: readonly string[], count: number) =>
    term.flatMap((name) =>
      name === ellipsis ? Array.from({ length: count }, (_, i) => `${ellipsis}${count - 1 - i}`) : [name],
    )
  return { inputs: inputs.map((term, i) => named(term, hidden[i]!)), output: named(output, longest) }
}

const ellipsis = '...'

/** The equation in letters. */
export const writeEquation = ({ inputs, output }: Equation): string => {
  const used = [...new Set([...inputs.flat(), ...output])]
  const letters = (term: readonly string[]) => term.map((name) => alphabet[used.indexOf(name)]).join('')
  return `${inputs.map(letters).join()}->${letters(output)}`
}

const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
