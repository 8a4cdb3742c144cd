import { registry } from '../base/registry.ts'
import type { AnyAttack } from '../threat/attack.ts'
import { apgdCe, apgdDlr, apgdTargeted } from './evasion/apgd/apgd.ts'
import { corruptions } from './evasion/corruptions/index.ts'
import { autoattack } from './evasion/ensembles/autoattack.ts'
import { bim } from './evasion/gradient/bim.ts'
import { fgsm } from './evasion/gradient/fgsm.ts'
import { miFgsm } from './evasion/gradient/mi-fgsm.ts'
import { pgd } from './evasion/gradient/pgd.ts'
import { boundary } from './evasion/labels/boundary.ts'
import { hopskipjump } from './evasion/labels/hopskipjump.ts'
import { surfree } from './evasion/labels/surfree.ts'
import { cwL2 } from './evasion/minimal/cw-l2.ts'
import { cwLinf } from './evasion/minimal/cw-linf.ts'
import { ddn } from './evasion/minimal/ddn.ts'
import { deepfool } from './evasion/minimal/deepfool.ts'
import { ead } from './evasion/minimal/ead.ts'
import { fabTargeted } from './evasion/minimal/fab.ts'
import { fmn } from './evasion/minimal/fmn.ts'
import { jsma } from './evasion/minimal/jsma.ts'
import { nes } from './evasion/scores/nes.ts'
import { simba } from './evasion/scores/simba.ts'
import { spsa } from './evasion/scores/spsa.ts'
import { square } from './evasion/scores/square.ts'
import { zoo } from './evasion/scores/zoo.ts'
import { spatial } from './evasion/spatial/spatial.ts'
import { constrainedPgd } from './evasion/tables/constrained-pgd.ts'
import { lowprofool } from './evasion/tables/lowprofool.ts'
import { mixed } from './evasion/tables/mixed.ts'
import { mixedLabels } from './evasion/tables/mixed-labels.ts'
import { transfer } from './evasion/transfer/transfer.ts'
import { leafTuple } from './evasion/trees/leaf-tuple.ts'
import { patch } from './evasion/universal/patch.ts'
import { universal } from './evasion/universal/universal.ts'

/** Every attack, cheapest first. */
export const attacks: ReadonlyMap<string, AnyAttack> = registry(
  'attack',
  [
    fgsm,
    leafTuple,
    bim,
    miFgsm,
    universal,
    patch,
    transfer,
    pgd,
    constrainedPgd,
    lowprofool,
    jsma,
    deepfool,
    ddn,
    fmn,
    apgdCe,
    apgdDlr,
    apgdTargeted,
    cwLinf,
    ead,
    fabTargeted,
    cwL2,
    square,
    simba,
    nes,
    spsa,
    zoo,
    spatial,
    mixed,
    mixedLabels,
    autoattack,
    surfree,
    boundary,
    hopskipjump,
    ...corruptions,
  ],
  ({ id }) => id,
)
