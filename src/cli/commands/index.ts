import type { CommandDefinition } from '../command.ts'
import { assess } from './assess.ts'
import { attackList } from './attack-list.ts'
import { attackRun } from './attack-run.ts'
import { gradient } from './gradient.ts'
import { harden } from './harden.ts'
import { hardenList } from './harden-list.ts'
import { init } from './init.ts'
import { inspect } from './inspect.ts'
import { predict } from './predict.ts'
import { schema } from './schema.ts'
import { train } from './train.ts'
import { verify } from './verify.ts'

/** Every command, in the order that help lists them. */
export const commands: readonly CommandDefinition[] = [
  init,
  assess,
  inspect,
  predict,
  gradient,
  attackRun,
  attackList,
  train,
  harden,
  hardenList,
  verify,
  schema,
]

/** What each group of two-word commands is about. */
export const groups: Readonly<Record<string, string>> = {
  attack: 'Run a single attack, or list the attacks',
  harden: harden.summary,
}
