import { ownDomain, straightThroughs } from '../straight-through.ts'
import { defineShape, typedAs } from './rule.ts'

export const straightThrough = defineShape({
  op: straightThroughs,
  domain: ownDomain,
  infer: ({ node, inputs: [x] }) => [
    node.op === 'FromIntegers' ? { dtype: 'float32', dims: x?.dims } : typedAs(x, x?.dims),
  ],
})
