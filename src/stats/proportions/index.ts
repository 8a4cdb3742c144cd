export { katz } from './katz.ts'
export { koopman } from './koopman.ts'
export { sumOf } from './mover.ts'
export { newcombe } from './newcombe.ts'
