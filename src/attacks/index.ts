import { registry } from '../base/registry.ts'
import type { AnyAttack } from '../threat/attack.ts'
import { apgdCe, apgdDlr, apgdTargeted } from './evasion/apgd/apgd.ts'
import { autoattack } from './evasion/ensembles/autoattack.ts'
import { bim } from './evasion/gradient/bim.ts'
import { fgsm } from './evasion/gradient/fgsm.ts'
import { pgd } from './evasion/gradient/pgd.ts'
import { hopskipjump } from './evasion/labels/hopskipjump.ts'
import { fabTargeted } from './evasion/minimal/fab.ts'
import { square } from './evasion/scores/square.ts'

/** Every attack, cheapest first. */
export const attacks: ReadonlyMap<string, AnyAttack> = registry(
  'attack',
  [fgsm, bim, pgd, apgdCe, apgdDlr, apgdTargeted, fabTargeted, square, autoattack, hopskipjump],
  ({ id }) => id,
)
