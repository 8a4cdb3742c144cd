export { type FindRequest, type FoundTriggers, findBackdoor } from './find.ts'
export { anomalyIndexes, judgeTriggers } from './judge.ts'
export { stripEntropies, stripScreen } from './strip.ts'
export { type Trigger, type TriggerSpace, triggerSpace, withTrigger } from './trigger.ts'
