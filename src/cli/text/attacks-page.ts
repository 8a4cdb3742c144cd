import type { AnyAttack } from '../../threat/attack.ts'
import { isNorm } from '../../threat/norm.ts'
import { rangeOf } from './parameters-text.ts'

const sees: Readonly<Record<AnyAttack['access'], string>> = {
  gradients: 'Weights and gradients',
  weights: 'Weights, without gradients',
  scores: 'Scores only',
  labels: 'Labels only',
  nothing: 'Nothing of the model',
}

/** An arXiv id in a reference becomes a link. */
const linked = (reference: string): string =>
  reference.replaceAll(/arXiv:(\d{4}\.\d{4,5})/g, '[arXiv:$1](https://arxiv.org/abs/$1)')

const cell = (text: string): string => text.replaceAll('|', '\\|')

/** A table whose columns line up, as the formatter of this repository writes them. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] => {
  const lines = [head, ...rows.map((row) => row.map(cell))]
  const widths = head.map((_, column) => Math.max(...lines.map((line) => line[column]!.length)))
  const shown = (line: readonly string[]): string => `| ${line.map((text, i) => text.padEnd(widths[i]!)).join(' | ')} |`
  return [shown(lines[0]!), shown(widths.map((width) => '-'.repeat(width))), ...lines.slice(1).map(shown)]
}

const traits = ({
  domain = 'any',
  norms,
  tasks = ['classification'],
  minimal,
  transfers,
  fit,
}: AnyAttack): readonly string[] => [
  `On ${domain === 'any' ? 'rows of any kind' : domain}; models for ${tasks.join(', ')}; changes measured in ${norms.join(', ')}.`,
  ...(minimal ? ['Looks for the smallest change: one run answers for every budget.'] : []),
  ...(transfers ? ["Needs models of the attacker's own (`--surrogate`)."] : []),
  ...(fit ? ['Made once from the first rows of the set, then applied to every row.'] : []),
]

const example = ({ id, norms, minimal, transfers }: AnyAttack): string => {
  const [norm = 'linf'] = norms
  const budget = isNorm(norm) ? '0.1' : norm === 'severity' ? '3' : '0.1'
  return [
    `bartizan attack run ${id} --model model.onnx --data rows.npy --labels y.npy --norm ${norm}`,
    ...(minimal ? [] : [`--eps ${budget}`]),
    ...(transfers ? ['--surrogate mine.onnx'] : []),
  ].join(' ')
}

const sectionOf = (attack: AnyAttack): readonly string[] => {
  const { id, title, reference, parameters } = attack
  const rows = Object.entries(parameters).map(([key, spec]) => [
    `\`${key}\``,
    String(spec.default),
    rangeOf(spec),
    spec.help,
  ])
  return [
    `### ${id}`,
    '',
    `${title}. ${linked(reference)}.`,
    '',
    ...traits(attack),
    '',
    '```sh',
    example(attack),
    '```',
    '',
    ...(rows.length === 0 ? ['It has no parameters.'] : table(['`--set`', 'default', 'values', 'effect'], rows)),
    '',
  ]
}

/** docs/attacks.md: every attack by what it sees, from its own metadata. */
export const attacksPage = (attacks: readonly AnyAttack[]): string => {
  const kinds = Object.keys(sees) as readonly AnyAttack['access'][]
  return [
    '# Attacks',
    '',
    'Written by `npm run docs` from what each attack says of itself: change it there. `bartizan attack list` prints the same, and `bartizan assess` chooses among them by what the attacker may do.',
    '',
    ...table(
      ['attack', 'sees', 'on', 'measured in', 'what it does'],
      attacks.map(({ id, access, domain = 'any', norms, title }) => [
        `[${id}](#${id})`,
        access,
        domain,
        norms.join(', '),
        title,
      ]),
    ),
    '',
    ...kinds.flatMap((kind) => {
      const chosen = attacks.filter(({ access }) => access === kind)
      return chosen.length === 0 ? [] : [`## ${sees[kind]}`, '', ...chosen.flatMap(sectionOf)]
    }),
  ]
    .join('\n')
    .trimEnd()
}
