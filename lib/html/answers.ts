import { LIST_TITLES, MARK_TITLES } from '../report/index.ts'
import type { AnswersReport, Report } from '../results/index.ts'
import { REVIEWS_FORMAT } from '../runs/index.ts'
import type { Detail, Tail, TailAnswer } from '../runs/index.ts'
import { cleanText, printable } from '../safe-text/index.ts'
import { count, html, num } from '../tables/index.ts'
import type { PageReviews } from './chart.ts'
import type { Section } from './frame.ts'
import { pairs, section } from './parts.ts'

/** @returns undefined where the page shows no answers */
export function pageReviews(
  { run, answers }: Report,
  detail: Detail | undefined,
): PageReviews | undefined {
  if (detail?.tail === undefined || answers === undefined) return undefined
  const { scenario, startedAt } = run
  const start = (startedAt ?? '').replace(/\.\d+/, '').replace(/[^\dT]/g, '')
  return {
    name: `${scenario}-${start}.reviews.json`.replace(/[^\w.-]+/g, '-'),
    file: { format: REVIEWS_FORMAT, version: 1, scenario, startedAt, reviews: answers.reviews },
  }
}

/** The kept answers that are worth reading, each in the first list that it is in, to be read and marked. */
export function answersSection({ answers }: Report, detail: Detail | undefined): Section {
  const tail = detail?.tail
  const marks = new Map((answers?.reviews ?? []).map(({ id, mark }) => [id, mark]))
  const lists = tail?.lists.filter(({ ids }) => ids.length > 0) ?? []
  const parts = lists.flatMap(({ list, ids, count: of }) => {
    const own = tail?.answers.filter(({ lists: [first] }) => first === list) ?? []
    const elsewhere = ids.length - own.length
    return [
      `<h3>${html(titleOf(list, ids.length, of))}</h3>`,
      elsewhere > 0 ? `<p class="hint">${count(elsewhere)} of them above</p>` : '',
      ...own.map((answer) => answerHtml(answer, marks.get(answer.request.id))),
    ]
  })
  const intro = tail === undefined || answers === undefined ? [] : [introOf(tail, answers)]
  return { ...section('answers', 'Answers to read', ...intro, ...parts), folded: true }
}

function introOf({ kept }: Tail, { reviews }: AnswersReport): string {
  return (
    `<p>Of ${count(kept)} kept answers of measured phases. A mark changes no figure. These are texts of your users: mind who gets this page.</p>` +
    `<p class="marking" hidden><button type="button" id="save-marks">Save marks</button> <output id="marks-said">${count(reviews.length)} marked</output></p>`
  )
}

function titleOf(list: keyof typeof LIST_TITLES, shown: number, of: number): string {
  const title = LIST_TITLES[list].replace(/^./, (c) => c.toUpperCase())
  return shown < of ? `${title}, ${shown} of ${count(of)}` : `${title}, ${count(of)}`
}

function answerHtml(
  { lists, request, grades, texts }: TailAnswer,
  mark: string | undefined,
): string {
  const { prompt, promptCut, answer, answerCut, toolCalls = [], expected = [] } = texts
  const also = lists.slice(1).map((list) => LIST_TITLES[list])
  const figures: [string, string][] = [
    ['also', also.join(', ')],
    ['outcome', `${request.outcome}${request.reason === '' ? '' : `: ${request.reason}`}`],
    ['said', request.message ?? ''],
    ['grades', grades.map((one) => `${one.grader} ${num(one.score)} ${why(one)}`).join(', ')],
    ['TTFT', ms(request.ttftMs)],
    ['TPOT', ms(request.tpotMs)],
    ['E2E', ms(request.e2eMs)],
    ['tokens', `${count(request.inputTokens)} in, ${count(request.outputTokens)} out`],
    ['endpoint', request.endpoint ?? ''],
    ['turn', request.turn === undefined ? '' : count(request.turn)],
    ['at', `${num(request.startMs / 1000)} s`],
    ['prompt id', request.promptId],
    ['server id', request.requestId ?? ''],
  ]
  return [
    `<details class="answer" data-answer="${html(request.id)}">`,
    `<summary><b>${html(cleanText(request.id))}</b> ${html(cleanText(headOf(request, grades)))} <span class="mark-said">${html(mark === undefined ? '' : titleOfMark(mark))}</span></summary>`,
    text('Prompt', prompt, promptCut),
    text('Answer', answer === '' ? '(empty)' : answer, answerCut),
    ...toolCalls.map((call) => text(`Call of ${call.name}`, call.arguments)),
    ...expected.map((one) => text('Expected', one)),
    pairs(
      figures
        .filter(([, value]) => value !== '')
        .map(([label, value]) => [label, cleanText(value)]),
    ),
    marking(mark),
    '</details>',
  ]
    .filter((part) => part !== '')
    .join('\n')
}

/** Why it is here, where it comes from, and how long it took. */
function headOf(
  { outcome, reason, app, phase, ttftMs, e2eMs }: TailAnswer['request'],
  grades: TailAnswer['grades'],
): string {
  const bad = grades.filter(({ passed }) => !passed)
  const verdict =
    outcome === 'completed' ? bad.map((one) => `${one.grader}: ${why(one)}`).join(', ') : reason
  const times = [
    ttftMs === undefined ? '' : `TTFT ${ms(ttftMs)}`,
    e2eMs === undefined ? '' : `E2E ${ms(e2eMs)}`,
  ]
  return [verdict, app, phase, ...times].filter((part) => part !== '').join(' · ')
}

function why({ reason, where }: TailAnswer['grades'][number]): string {
  return `${reason.replace(/_/g, ' ')}${where === undefined ? '' : ` (${where})`}`
}

function ms(value: number | undefined): string {
  return value === undefined ? '' : `${num(value)} ms`
}

/** As it is, but for characters that nobody sees: where an answer is broken, a reader should. */
function text(title: string, of: string, cut?: number): string {
  const left = cut === undefined ? '' : ` <small>${count(cut)} characters left out</small>`
  return `<h4>${html(cleanText(title))}${left}</h4><pre dir="auto">${html(printable(of))}</pre>`
}

/** Without the page's script nothing could be marked, so it is hidden until that shows it. */
function marking(mark: string | undefined): string {
  const options = [['', 'not marked'], ...Object.entries(MARK_TITLES)].map(
    ([value, title]) =>
      `<option value="${value}"${value === (mark ?? '') ? ' selected' : ''}>${html(title ?? '')}</option>`,
  )
  return `<p class="marking" hidden><label>Mark <select>${options.join('')}</select></label></p>`
}

function titleOfMark(mark: string): string {
  return MARK_TITLES[mark as keyof typeof MARK_TITLES]
}
