export type { TreeBoxes } from './boxes.ts'
export type { ClassVotes } from './margins.ts'
export {
  needTrees,
  refuseBrokenTrees,
  type TreeModel,
  treesOf,
} from './tree-model.ts'
