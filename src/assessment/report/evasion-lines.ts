import type {
  Distance,
  EvasionProbe,
  EvasionResult,
  Fitted,
  InputInfo,
  Measure,
  Moves,
  QueriesToBreak,
} from '../../contract/index.ts'
import { budget, count, normNames, number, percent } from './format.ts'

type Move = Moves['largest']

/** The size of a change as its measure counts it: of a patch and of a move, shares. */
export const sizeText = (norm: Measure, size: number): string =>
  norm === 'patch' || norm === 'spatial' ? percent(size) : number(size)

/** "Linf distance 0.1"; "the patch covers 7.1 % of the picture". */
export const distanceText = (norm: Measure | undefined, distance: number): string => {
  if (norm === 'patch') return `the patch covers ${percent(distance)} of the picture`
  if (norm === 'spatial') return `${percent(distance)} of the largest move`
  return `${norm === undefined ? '' : `${normNames[norm]} `}distance ${number(distance)}`
}

/** "pgd, Linf 0.1"; "patch of 10.0 % of the picture". */
export const attackTitle = (
  { attack, norm, epsilon }: Pick<EvasionProbe, 'attack' | 'norm' | 'epsilon'>,
  input: InputInfo,
): string => {
  if (norm === undefined) return attack
  const within = epsilon === undefined ? normNames[norm] : `${normNames[norm]} ${budget(epsilon, norm, input)}`
  return norm === 'patch'
    ? `${attack === 'patch' ? '' : `${attack}, `}${within} of the picture`
    : `${attack}, ${within}`
}

/** "median 0.1, mean 0.0987, largest 0.1"; undefined where no row was broken. */
export const distanceSummary = ({ norm, median, mean, max }: Distance): string | undefined =>
  median === null || mean === null || max === null
    ? undefined
    : `median ${sizeText(norm, median)}, mean ${sizeText(norm, mean)}, largest ${sizeText(norm, max)}`

/** What an attack's result says besides its robust accuracy: a name and a line each, undefined where it says nothing of it. */
export const evasionFacts = ({
  distance,
  queriesToBreak,
  moves,
  fitted,
}: EvasionResult): readonly (readonly [string, string | undefined])[] => [
  ['Distances', distancesLine(distance)],
  ['Queries to break', queriesToBreak && queriesLine(queriesToBreak)],
  ['Moves', moves && movesLine(moves)],
  [fitted?.kind === 'patch' ? 'Patch' : 'Perturbation', fitted && fittedSize(fitted)],
  ['Made from', fitted && fittedRows(fitted)],
  [
    'Making it',
    fitted?.queries &&
      `${count(fitted.queries.forward)} rows forward, ${count(fitted.queries.gradient)} rows of gradients`,
  ],
]

/** "10 % of the broken rows within 0.8, 25 % within 1.1, …"; of shares that lie within the same distance, the largest. */
const distancesLine = ({ norm, quantiles }: Distance): string | undefined =>
  quantiles
    ?.filter(({ distance }, i) => distance !== quantiles[i + 1]?.distance)
    .map(
      ({ share, distance }, i) =>
        `${count(100 * share)} %${i === 0 ? ' of the broken rows' : ''} within ${sizeText(norm, distance)}`,
    )
    .join(', ')

/** "median 812 queries, 90 % by 4,000, all 47 broken rows by 5,100". */
const queriesLine = ({ rows, median, ninety, most }: QueriesToBreak): string =>
  rows === 1
    ? `${count(most)} for the one broken row`
    : `median ${count(median)} queries, 90 % by ${count(ninety)}, all ${count(rows)} broken rows by ${count(most)}`

/** "most rows broke first when turned 24° left, shifted 3 px right (12 of 80); the largest: …". */
const movesLine = ({ rows, worst, largest }: Moves): string =>
  `most rows broke first when ${moveText(worst)} (${count(worst.rows)} of ${count(rows)})${moveText(worst) === moveText(largest) ? ', the largest move' : `; largest: ${moveText(largest)}`}`

const moveText = ({ degrees, down, right }: Move): string => {
  const turned = degrees === 0 ? [] : [`turned ${number(Math.abs(degrees))}° ${degrees > 0 ? 'left' : 'right'}`]
  const ways = [
    [right, 'right', 'left'],
    [down, 'down', 'up'],
  ] as const
  const shifts = ways.flatMap(([by, more, less]) =>
    by === 0 ? [] : [`${number(Math.abs(by))} px ${by > 0 ? more : less}`],
  )
  return [...turned, ...(shifts.length > 0 ? [`shifted ${shifts.join(' and ')}`] : [])].join(', ')
}

/** "14 × 14 pixels at its largest, 25.0 % of the picture"; "Linf 0.1, L2 1.87". */
export const fittedSize = ({ kind, side = 0, share = 0, norms }: Fitted): string =>
  kind === 'patch'
    ? `${count(side)} × ${count(side)} pixels at its largest, ${percent(share)} of the picture`
    : `${normNames.linf} ${number(norms?.linf ?? 0)}, ${normNames.l2} ${number(norms?.l2 ?? 0)}`

/** "128 rows (126 of them right), judged on 128 others". */
export const fittedRows = ({ fitRows, shownRows, judgedRows, overlap, file }: Fitted): string => {
  if (fitRows === undefined) return `${file?.path ?? 'a file'}; judged on ${rowsText(judgedRows)}`
  const made = `${rowsText(fitRows)} (${count(shownRows ?? 0)} of them right)`
  return overlap
    ? `${made}, ${count(overlap)} of them among the ${count(judgedRows)} that it is judged on: other rows may hold better`
    : `${made}, judged on ${count(judgedRows)} others`
}

const rowsText = (rows: number): string => `${count(rows)} ${rows === 1 ? 'row' : 'rows'}`
