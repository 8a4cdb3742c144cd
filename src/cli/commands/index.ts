import type { CommandDefinition } from '../command.ts'
import { assess } from './assess.ts'
import { attackList } from './attack-list.ts'
import { attackRun } from './attack-run.ts'
import { dataBias } from './data-bias.ts'
import { dataCompare } from './data-compare.ts'
import { dataImages } from './data-images.ts'
import { dataInfer } from './data-infer.ts'
import { dataLabels } from './data-labels.ts'
import { dataLineage } from './data-lineage.ts'
import { dataProve } from './data-prove.ts'
import { dataRecord } from './data-record.ts'
import { dataSanitize } from './data-sanitize.ts'
import { dataScreen } from './data-screen.ts'
import { dataValidate } from './data-validate.ts'
import { gradient } from './gradient.ts'
import { harden } from './harden.ts'
import { hardenList } from './harden-list.ts'
import { init } from './init.ts'
import { inspect } from './inspect.ts'
import { predict } from './predict.ts'
import { scan } from './scan.ts'
import { schema } from './schema.ts'
import { sign } from './sign.ts'
import { train } from './train.ts'
import { verify } from './verify.ts'
import { verifySignature } from './verify-signature.ts'
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
  dataInfer,
  dataValidate,
  dataCompare,
  dataImages,
  dataSanitize,
  dataBias,
  dataScreen,
  dataLabels,
  dataRecord,
  dataLineage,
  dataProve,
  scan,
  sign,
  verifySignature,
  verify,
  schema,
]

/** What each group of two-word commands is about. */
export const groups: Readonly<Record<string, string>> = {
  attack: 'Run a single attack, or list the attacks',
  harden: harden.summary,
  data: 'Validate, compare, sanitise and record data sets',
}
