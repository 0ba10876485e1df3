import { closingOf, spikeOf, spikeText } from '../../lib/report/index.ts'
import type { TextOptions } from '../../lib/report/index.ts'
import type { Report } from '../../lib/results/index.ts'
import { closingLines, count, num, pen, percent } from '../../lib/tables/index.ts'
import type { Closing } from '../../lib/tables/index.ts'

/**
 * What the spike did to the server, in place of the verdict: that this server fails is the demo's point. Where the
 * client was too slow to tell, or the run broke off, the verdict says so.
 * @param where path of the report
 */
export function storyOf(report: Report, where: string): Closing {
  const closing = closingOf(report, where)
  const spike = spikeOf(report)
  if (spike === undefined || !['failed', 'undecided', 'passed'].includes(report.verdict.status))
    return closing
  const did = spike.beyond.peak === true ? 'The spike overloaded the server' : 'The server took it'
  const rows = new Map(closing.rows)
  return {
    mark: '',
    tone: '',
    headline: `${did}: ${spikeText(spike)}`,
    rows: [
      ['server', [queued(report, spike.peak.name)]],
      [
        'users',
        [
          kept(report),
          `${num(spike.before.tokensPerSPerUser)} → ${num(spike.peak.tokensPerSPerUser)} tokens/s per user`,
        ],
      ],
      ['client', rows.get('client') ?? []],
      ['next', ['npx k6-inference run chat-steady --url http://localhost:8000/v1 --rate 4']],
      ['report', [where]],
    ],
  }
}

/** The block between empty lines. */
export function renderStory(story: Closing, { width, color }: TextOptions): string {
  return `\n${closingLines(story, pen(width, color)).join('\n')}\n\n`
}

/** By the server's own figures. */
function queued({ server }: Report, phase: string): string {
  const own = server?.phases.find((of) => of.phase === phase)
  if (!own || own.runningMax === null || own.waitingMax === null) return ''
  return `answered ${count(own.runningMax)} requests at a time, while ${count(own.waitingMax)} more waited in its queue`
}

function kept({ measured: { goodShare, errorRate } }: Report): string {
  return `${percent(goodShare)} within limits, ${percent(errorRate)} failed`
}
