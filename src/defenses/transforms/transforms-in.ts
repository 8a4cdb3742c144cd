import { ownDomain } from '../../onnx/straight-through.ts'
import type { Attribute, Model } from '../../onnx/types.ts'
import type { AnyParameters } from '../../threat/parameters.ts'
import { functionName } from './function-call.ts'
import type { AnyTransform } from './transform.ts'

export interface FoundTransform {
  readonly transform: AnyTransform
  /** As the node states them, `low` and `high` of the range among them. What runs is the function. */
  readonly parameters: AnyParameters
}

/** The transforms of `known` that nodes of a model call by name, the first to act first. */
export const transformsIn = ({ graph }: Model, known: ReadonlyMap<string, AnyTransform>): readonly FoundTransform[] => {
  const byName = new Map([...known.values()].map((transform) => [functionName(transform.id), transform]))
  return graph.nodes.flatMap(({ domain, op, attributes }) => {
    // The second function of a name is called Name_1.
    const transform = domain === ownDomain ? byName.get(op.replace(/_\d+$/, '')) : undefined
    if (!transform) return []
    const stated = Object.entries(attributes).flatMap(([key, attribute]) => {
      const value = plain(attribute)
      return value === undefined ? [] : [[key.replaceAll('_', '-'), value] as const]
    })
    return [{ transform, parameters: Object.fromEntries(stated) }]
  })
}

/** A file holds seven digits of a number. */
const plain = (attribute: Attribute): number | string | undefined => {
  if (attribute.type === 'float') return Number(attribute.value.toPrecision(7))
  return attribute.type === 'string' ? attribute.value : undefined
}
