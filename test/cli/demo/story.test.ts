import { expect, test } from 'vitest'
import { renderStory, storyOf } from '../../../cli/demo/story.ts'
import type { Report } from '../../../lib/results/index.ts'
import { report } from '../../report/load.ts'

const WHERE = 'results/20260102T030405-chat-spike/report.html'
const tell = (of: Report, width = 100) => renderStory(storyOf(of, WHERE), { width, color: false })

/** A spike whose own thresholds are kept, on a server that tells its queue. */
function spike(): Report {
  const one = report('spike')
  const phase = { phase: 'spike', measured: true, runningMax: 16, waitingMax: 91 }
  const server = {
    phases: [phase],
    findings: [],
    joulesPerToken: null,
  } as unknown as Report['server']
  return { ...one, server }
}

test('tells what the spike did, in six lines', () => {
  expect(tell(spike())).toBe(`
  The spike overloaded the server: TTFT p95 118 ms → 1.8 s → back within limits 4 s later
    server  answered 16 requests at a time, while 91 more waited in its queue
    users   44.2 % within limits, 7.5 % failed; 100 → 33.3 tokens/s per user
    client  trustworthy; p99: start lateness 1.00 ms
    next    npx k6-inference run chat-steady --url http://localhost:8000/v1 --rate 4
    report  ${WHERE}

`)
})

test('says so where the server took it, or did not come back', () => {
  const one = spike()
  const slo = one.slo.map((v) => ({ ...v, limit: 60_000 }))
  expect(tell({ ...one, slo })).toContain('  The server took it: TTFT p95 118 ms → 1.8 s\n')
  const recovery = { ...one.recovery!, status: 'not_recovered' as const, timeMs: null }
  expect(tell({ ...one, recovery })).toMatch(/→ 1\.8 s, not back within limits \d+ s later\n/)
})

test('leaves the last word to the verdict where the run does not tell', () => {
  const one = spike()
  const verdict = { ...one.verdict, status: 'unclear' as const, headline: 'Stopped early' }
  expect(tell({ ...one, verdict })).toContain('? Stopped early · chat-spike')
})
