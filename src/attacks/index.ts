import { registry } from '../base/registry.ts'
import type { AnyAttack } from '../threat/attack.ts'
import { bim } from './evasion/bim.ts'
import { fgsm } from './evasion/fgsm.ts'
import { pgd } from './evasion/pgd.ts'

/** Every attack, cheapest first. */
export const attacks: ReadonlyMap<string, AnyAttack> = registry('attack', [fgsm, bim, pgd], ({ id }) => id)
