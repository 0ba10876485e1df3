import { html } from '../tables/index.ts'
import { factsOf, spikeOf, spikeText } from '../report/index.ts'
import type { Report } from '../results/index.ts'
import { commandOf } from './command.ts'
import { list, pairs } from './parts.ts'

/** Warnings that the header shows; the others are one click away. */
const SHOWN_WARNINGS = 3

/** Why the verdict is what it is, what limits its worth, what ran where, and how to run it again. */
export function headerOf(report: Report): string {
  const { run, verdict, warnings } = report
  const url = baseUrlOf(report)
  const command = commandOf(report)
  const spike = spikeOf(report)
  const facts: [string, string][] = [
    ['Spike', spike === undefined ? '' : spikeText(spike)],
    ['Server', url ?? ''],
    ['Run', factsOf(report).join(' · ')],
    ['Started', startText(run.startedAt)],
  ]
  return [
    `<p class="scenario">${html(run.scenario)}</p>`,
    list(verdict.reasons, 'reasons'),
    warningList(further(warnings, verdict.reasons)),
    pairs(
      facts.filter(([, text]) => text !== ''),
      'facts',
    ),
    command === undefined
      ? ''
      : `<details class="again"><summary>Run it again</summary><pre tabindex="0"><code>${html(command)}</code></pre></details>`,
  ]
    .filter((part) => part !== '')
    .join('\n')
}

/** Warnings that say more than the reasons of the verdict, which stand above them. */
function further(warnings: Report['warnings'], reasons: readonly string[]): string[] {
  const said = (message: string) => reasons.some((reason) => message.includes(reason))
  return warnings.map(({ message }) => message).filter((message) => !said(message))
}

/** `2026-11-27 05:30:08 UTC` */
export function startText(startedAt: string | null): string {
  return startedAt === null ? '' : startedAt.replace(/T(\d\d:\d\d:\d\d).*Z$/, ' $1 UTC')
}

/** The address that was asked; undefined where the results do not tell. */
export function baseUrlOf({ environment }: Report): string | undefined {
  const endpoint = environment.config['endpoint'] as { baseUrl?: unknown } | undefined
  return typeof endpoint?.baseUrl === 'string' ? endpoint.baseUrl : undefined
}

function warningList(warnings: readonly string[]): string {
  if (warnings.length === 0) return ''
  const [shown, more] = [warnings.slice(0, SHOWN_WARNINGS), warnings.slice(SHOWN_WARNINGS)]
  const rest =
    more.length === 0
      ? ''
      : `<details><summary>${more.length} more</summary>${list(more)}</details>`
  return `<div id="warnings"><h2>Warnings</h2>${list(shown)}${rest}</div>`
}
