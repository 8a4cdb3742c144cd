import { registry } from '../base/registry.ts'
import type { AnyAttack } from '../threat/attack.ts'
import { apgdCe, apgdDlr, apgdTargeted } from './evasion/apgd.ts'
import { autoattack } from './evasion/autoattack.ts'
import { bim } from './evasion/bim.ts'
import { fabTargeted } from './evasion/fab.ts'
import { fgsm } from './evasion/fgsm.ts'
import { hopskipjump } from './evasion/hopskipjump.ts'
import { pgd } from './evasion/pgd.ts'
import { square } from './evasion/square.ts'

/** Every attack, cheapest first. */
export const attacks: ReadonlyMap<string, AnyAttack> = registry(
  'attack',
  [fgsm, bim, pgd, apgdCe, apgdDlr, apgdTargeted, fabTargeted, square, autoattack, hopskipjump],
  ({ id }) => id,
)
