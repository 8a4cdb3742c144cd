export { checkBias } from './check-bias.ts'
