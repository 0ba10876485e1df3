import { describe, expect, it } from 'vitest'
import { isJudged, loadRecords, runScenario } from './harness.ts'

/** k6's code for a run that a signal ended (errext/exitcodes, ExternalAbort). */
const EXTERNAL_ABORT = 105

/** ScriptAborted. */
const SCRIPT_ABORTED = 108

const LIMITS = { SLO_TTFT_P95: '10s', SLO_E2E_P95: '20s' }

describe.concurrent('the verdict', () => {
  it('on a run stopped by Ctrl-C before its spike is none', async () => {
    const run = await runScenario({
      scenario: 'chat-spike',
      env: { ...LIMITS, RATE: '5', PEAK_RATE: '20', DURATION: '20s' },
      interruptAfter: 10,
    })
    expect(run.code, run.stderr).toBe(EXTERNAL_ABORT)
    expect(run.report?.verdict).toMatchObject({ status: 'unclear', headline: 'Stopped early' })
    expect(run.report?.verdict.reasons[0]).toMatch(/^ran .* without spike, recovery$/)
    expect(run.stdout).toContain('? Stopped early')
    expect(run.stdout).not.toContain('SLO kept')
  })

  it('on a run whose end cut most answers off is none', async () => {
    const run = await runScenario({
      scenario: 'chat-steady',
      env: { ...LIMITS, DRAIN: '100ms', DURATION: '6s', OUTPUT_TOKENS: '200' },
    })
    // Answers of a second: those of the last second or so are cut off.
    const { started, completed, failed } = run.report!.measured
    expect(completed).toBeGreaterThan(0)
    expect(started! - completed! - failed!).toBeGreaterThanOrEqual(5)
    expect(run.code, run.stderr).toBe(0)
    expect(run.report?.slo.find((v) => v.id === 'ttft_p95')?.verdict).toBe('unclear')
    expect(run.report?.verdict.status).toBe('unclear')
    if (isJudged(run)) expect(run.stdout).toContain('? Cut off by the end: not judged')
  })

  it('on a load that ended at a bound on what it spends is as usual, and says so', async () => {
    const run = await runScenario({
      scenario: 'chat-steady',
      env: { ...LIMITS, MAX_REQUESTS: '12', DURATION: '60s' },
    })
    // k6 ended by a script, once what was in flight had ended.
    expect(run.code, run.stderr).toBe(SCRIPT_ABORTED)
    expect(run.report?.total).toMatchObject({ started: 12, finished: 12 })
    expect(run.report?.bounds).toEqual([
      { variable: 'MAX_REQUESTS', limit: 12, used: 12, ended: true },
    ])
    expect(run.stdout).toContain('MAX_REQUESTS: 12 of 12 requests')
    if (isJudged(run)) {
      // Kept as far as it goes; 12 requests prove nothing.
      expect(run.report?.verdict.status).toBe('undecided')
      expect(run.report?.verdict.reasons[0]).toBe('ended at MAX_REQUESTS: 12 of 12 requests')
    }
  })

  it('leaves out users who left, whose connections are closed inside the answer', async () => {
    const run = await runScenario({
      scenario: 'chat-steady',
      env: { ...LIMITS, CANCEL_SHARE: '0.5', CANCEL_AFTER: '300ms', OUTPUT_TOKENS: '400' },
    })
    expect(run.code, run.stderr).toBe(0)
    const { finished, completed, cancelled, failed } = run.report!.total
    expect(Math.abs(cancelled! - finished! / 2)).toBeLessThanOrEqual(2)
    expect([completed! + cancelled!, failed]).toEqual([finished, 0])
    const left = loadRecords(run).filter(({ outcome }) => outcome === 'client_disconnected')
    expect(left).toHaveLength(cancelled!)
  })

  it('on a run without limits says that there are none', async () => {
    const run = await runScenario({ scenario: 'chat-steady' })
    expect(run.code, run.stderr).toBe(0)
    expect(run.stdout).not.toContain('SLO kept')
    if (isJudged(run)) expect(run.stdout).toContain('No limits set')
  })
})
