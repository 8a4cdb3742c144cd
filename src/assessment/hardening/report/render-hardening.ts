import type { Hardening } from '../../../contract/index.ts'
import { evidencePart } from '../../report/html/method.ts'
import { htmlPage } from '../../report/html/page.ts'
import { signs } from '../../report/html/summary.ts'
import { type Markup, markup } from '../../report/markup.ts'
import { hardeningDigest } from '../evidence.ts'
import { comparisonSection, methodPart, robustnessPart, trainingPart } from './sections.ts'
import { votePart } from './vote-part.ts'

const words = { improved: 'Improved', unchanged: 'Unchanged', worse: 'Worse', failed: 'Failed' } as const

const summary = ({ verdict, reasons, exitCode }: Hardening): Markup => {
  const tone = exitCode === 0 ? 'passed' : 'failed'
  const [first, ...others] = reasons
  return markup`<section class="verdict ${tone}" aria-labelledby="verdict-title" data-verdict="${verdict}"><h2 id="verdict-title">${signs[tone]}<span><strong>${words[verdict]}</strong>: ${first}</span></h2>
${others.length > 0 ? markup`<ul>${others.map((reason) => markup`<li>${reason}</li>`)}</ul>` : ''}</section>`
}

/** The result as one HTML file that needs nothing else. The same result without its timing is the same bytes. */
export const renderHardening = (result: Hardening): string => {
  const { method, about, model, tool, seed } = result
  return htmlPage({
    title: `${model.after.path}: ${result.verdict} (Bartizan hardening)`,
    header: markup`<header><p class="kicker"><span>Bartizan hardening</span><span>${tool.name} ${tool.version}, seed ${seed}</span></p>
<h1>${model.after.path}</h1><p class="about">${method} of ${model.before.architecture ?? model.before.path}: ${about.title}</p></header>`,
    main: markup`${summary(result)}
${comparisonSection(result)}
${robustnessPart(result)}
${votePart(result)}
${trainingPart(result)}
${methodPart(result)}
${evidencePart(result.evidence, hardeningDigest(result), 'the result of --json without evidence and timing')}`,
    tool,
    durations: 'the result of --json',
  })
}
