import { dataFlag, rangeFlag, rowFlags, threadsFlag } from './common.ts'
import { defaulted, optional, repeated, required, toggle } from './flag.ts'
import { gateFlags } from './gate.ts'
import { amounts, assignment, oneOf, positiveNumber, rows, share, text } from './parse.ts'

/** Flags that `train` and `harden` share. */
export const hardeningFlags = () => ({
  data: dataFlag(),
  ...rowFlags(),
  sources: optional(
    '--sources <file#column>',
    'where each row of --data comes from: parts by whole sources, for partition-aggregation',
    text,
  ),
  set: repeated('--set <key=value>', 'parameter of the method; may be given several times', assignment),
  out: required('--out <file.onnx>', 'the new model', text),
  test: optional('--test <file>', 'rows to assess on (default: a share of --data that nothing is trained on)', text),
  testLabels: optional('--test-labels <file>', 'their labels', text),
  testRows: optional('--test-rows <A:B>', 'rows A to B - 1 of --test', rows),
  range: rangeFlag(),
  norm: defaulted('--norm <norm>', 'how changes are measured: linf, l2 or l1', oneOf('linf', 'l2', 'l1'), 'linf'),
  eps: optional(
    '--eps <budgets>',
    'budgets in input units, with commas between; the largest is what the model is to withstand',
    amounts,
  ),
  battery: defaulted(
    '--battery <name>',
    'attacks before and after: quick, standard or autoattack',
    oneOf('quick', 'standard', 'autoattack'),
    'standard',
  ),
  attackRows: defaulted('--attack-rows <n>', 'rows of the assessment to attack, at most', positiveNumber, '256'),
  maxCleanDrop: defaulted(
    '--max-clean-drop <share>',
    'largest fall of the clean accuracy that counts as no harm',
    share,
    '0.03',
  ),
  checkpoint: optional('--checkpoint <file>', 'keep the training there, every 30 seconds and after each epoch', text),
  resume: toggle('--resume', 'go on from --checkpoint, and keep what an interrupted assessment finished'),
  ...gateFlags(),
  report: optional('--report <file.html>', 'before and after as one HTML file', text),
  threads: threadsFlag(),
})
