import { ownDomain, straightThroughs } from '../straight-through.ts'
import { defineShape, typedAs } from './rule.ts'

export const straightThrough = defineShape({
  op: straightThroughs,
  domain: ownDomain,
  infer: ({ inputs: [x] }) => [typedAs(x, x?.dims)],
})
