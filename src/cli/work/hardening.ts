import { stat } from 'node:fs/promises'
import { reportedPath } from '../../assessment/config/index.ts'
import type { BatteryName } from '../../assessment/hardening/battery.ts'
import { harden } from '../../assessment/hardening/harden.ts'
import { aimOf, methodNamed } from '../../assessment/hardening/methods.ts'
import { renderHardening } from '../../assessment/hardening/report/render-hardening.ts'
import { BartizanError } from '../../base/errors.ts'
import { hardeningSchema } from '../../contract/index.ts'
import { writeTextAtomically } from '../../data/index.ts'
import type { AnyDefense } from '../../threat/defense.ts'
import { resolveParameters } from '../../threat/parameters.ts'
import { Interrupted } from '../terminal/interrupt.ts'
import type { Output } from '../terminal/output.ts'
import { filesText } from '../text/files-text.ts'
import { hardeningText } from '../text/hardening-text.ts'
import { version } from '../version.ts'
import { type HardeningSubjectFlags, hardeningSubject } from './hardening-subject.ts'
import { checkOutputs } from './outputs.ts'
import { type GateFlags, letThrough } from './training-gate.ts'

export interface HardeningCommand extends HardeningSubjectFlags, GateFlags {
  readonly name: 'train' | 'harden'
  readonly method: string
  readonly set: readonly (readonly [string, string])[]
  readonly out: string
  readonly norm: 'linf' | 'l2' | 'l1'
  readonly eps?: readonly number[]
  readonly battery: BatteryName
  readonly attackRows: number
  readonly maxCleanDrop: number
  readonly checkpoint?: string
  readonly resume: boolean
  readonly report?: string
}

/** Checks everything that can be checked first, the training gate last of it, hardens, writes report and result, and gives the exit code. */
export const runHardening = async (command: HardeningCommand, out: Output): Promise<number> => {
  const method = methodNamed(command.method)
  const parameters = resolveParameters(method.id, method.parameters, Object.fromEntries(command.set))
  const epsilons = budgetsOf(command, method)
  if (command.resume && command.checkpoint === undefined)
    throw new BartizanError('USAGE', '--resume needs --checkpoint: there is nothing to go on from')
  const { model, data, labels, test, testLabels, report, checkpoint } = command
  await checkOutputs(
    { '--model': model, '--data': data, '--labels': labels, '--test': test, '--test-labels': testLabels },
    { '--out': command.out, '--report': report, '--checkpoint': checkpoint },
  )
  const root = process.cwd()
  const validated = await letThrough(command, command, root)
  const subject = await hardeningSubject(command)
  try {
    const result = hardeningSchema.parse(
      await harden({
        ...subject,
        command: command.name,
        settings: settingsOf(command),
        validated,
        method,
        parameters,
        epsilons,
        norm: command.norm,
        battery: command.battery,
        attackRows: command.attackRows,
        maxCleanDrop: command.maxCleanDrop,
        out: command.out,
        checkpoint: command.checkpoint,
        resume: command.resume,
        root,
        named: (path) => reportedPath(root, path),
        seed: command.seed,
        threads: command.threads,
        tool: { name: 'bartizan', version: version() },
        progress: out.progress,
      }),
    )
    if (command.report !== undefined) await writeTextAtomically(command.report, renderHardening(result))
    out.print(hardeningText(result, out.width))
    out.print(filesText([command.out, ...(command.report === undefined ? [] : [command.report])]))
    await out.json(result)
    return result.exitCode
  } catch (error) {
    throw error instanceof Interrupted ? new Interrupted(await howToGoOn(command)) : error
  } finally {
    await subject.close()
  }
}

/** What the user set that the new model and its assessment depend on. The files are named beside it, by their digests. */
const settingsOf = (command: HardeningCommand): Readonly<Record<string, unknown>> => {
  const { method, architecture, set, seed, norm, eps, battery, attackRows, maxCleanDrop } = command
  const { label, columns, rows, sources, testRows, scale, shape, mean, std, output, range } = command
  const reading = { label, columns, rows, sources, testRows, scale, shape, mean, std, output, range }
  return {
    method,
    architecture,
    set: Object.fromEntries(set),
    seed,
    norm,
    eps,
    battery,
    attackRows,
    maxCleanDrop,
    ...reading,
  }
}

/** In input units. A method that is to withstand something has to be told what. */
const budgetsOf = ({ eps = [], norm }: HardeningCommand, method: AnyDefense): readonly number[] => {
  const wrong = eps.find((epsilon) => !(epsilon > 0))
  if (wrong !== undefined) throw new BartizanError('USAGE', `--eps: a budget of ${wrong} is no change at all`)
  const aim = aimOf(method)
  if (eps.length === 0 && (aim === 'robustness' || aim === 'detection'))
    throw new BartizanError('USAGE', `${method.id} needs a budget: --eps`, {
      hint: `what the model is to withstand in ${norm}, in input units: for images in 0 to 1, --eps 8/255 in linf is usual`,
    })
  return [...new Set(eps)].sort((a, b) => a - b)
}

const howToGoOn = async ({ checkpoint }: HardeningCommand): Promise<string> => {
  if (checkpoint === undefined) return 'with --checkpoint FILE a run that was interrupted can be gone on with'
  const kept = await stat(checkpoint).catch(() => undefined)
  return kept
    ? `the same command with --resume goes on from ${checkpoint}`
    : `nothing was kept in ${checkpoint} yet: begin anew`
}
