import { describe, expect, it } from 'vitest'
import { breakEven } from '../../lib/cost/index.ts'
import type { HostOptions, Tokens, Usage } from '../../lib/cost/index.ts'

const tokens = (requests: number, input: number, output: number): Tokens => ({
  requests,
  input: requests * input,
  cached: 0,
  output: requests * output,
  billedOutput: requests * output,
})

/** 300 chat requests of 200 + 300 tokens, 100 of RAG with 4,000 + 100. */
const CHAT = tokens(300, 200, 300)
const RAG = tokens(100, 4000, 100)
const TOTAL: Tokens = {
  ...tokens(400, 0, 0),
  input: CHAT.input + RAG.input,
  output: CHAT.output + RAG.output,
  billedOutput: CHAT.output + RAG.output,
}
const USAGE: Usage = {
  lengthMs: 100_000,
  plannedMs: 100_000,
  endedEarly: false,
  completedPerS: 4,
  outputTokensPerS: 1000,
  total: TOTAL,
  uncounted: 0,
  cachedKnown: true,
  parts: [
    { by: 'application', name: 'chat', tokens: CHAT },
    { by: 'application', name: 'rag', tokens: RAG },
  ],
  energy: undefined,
}
const PRICE = { input: 0.5, cached: undefined, output: 1.5 }
/** Two GPUs at 2.5 an hour with 20 % on top: 6 per replica-hour. */
const HOST: HostOptions = {
  replicaHour: 6,
  perReplica: 5,
  losses: 1,
  atLeast: 1,
  averageOverPeak: 1,
  inputWeight: 0.1,
}

describe('buying against hosting, as a sheet has it', () => {
  const found = breakEven(USAGE, PRICE, HOST)!
  const line = (name: string) => found.lines.find((one) => one.name === name)!

  it('for the whole traffic', () => {
    // (460,000 · 0.5 + 100,000 · 1.5) / 1,000,000 over 400 requests = 0.00095 each.
    expect(line('all').buyPerRequest).toBeCloseTo(0.00095, 12)
    // 6 / 3600 / 5 = 0.000333 hosted in full use; equal at 6 / 3600 / 0.00095 = 1.7544 requests/s, 35.09 %.
    expect(line('all').hostPerRequest).toBeCloseTo(1 / 3000, 12)
    expect(line('all').perReplicaPerS).toBeCloseTo(1.754386, 6)
    expect(line('all').use).toBeCloseTo(0.350877, 6)
  })

  it('for each application by its work', () => {
    // Work: chat 90,000 + 0.1 · 60,000 = 96,000; RAG 10,000 + 0.1 · 400,000 = 50,000.
    // RAG is 50 / 146 of the work and a quarter of the requests: 1.369863 times the mean.
    expect(line('rag').buyPerRequest).toBeCloseTo(0.00215, 12)
    expect(line('rag').hostPerRequest).toBeCloseTo((1 / 3000) * (50 / 146 / 0.25), 9)
    expect(line('rag').use).toBeCloseTo(((1 / 3000) * (50 / 146 / 0.25)) / 0.00215, 6)
    expect(line('chat').buyPerRequest).toBeCloseTo(0.00055, 12)
    expect(line('chat').use).toBeCloseTo(((1 / 3000) * (96 / 146 / 0.75)) / 0.00055, 6)
  })

  it('for a month in whole replicas', () => {
    // 2 replicas: 2 · 6 · 730 = 8,760 a month, which buys 9,221,053 requests; one serves 13,140,000.
    expect(found.least).toMatchObject({ replicas: 2 })
    expect(found.least!.requestsPerMonth).toBeCloseTo(9_221_052.63, 2)
    expect(found.least!.perMonth).toBeCloseTo(8760, 9)
  })

  it('for a month whose peak is twice its mean', () => {
    // One serves 6,570,000 a month, and pays for itself with 4,610,526. With k for the peak and one to lose:
    // (k + 1) · 4,610,526 <= k · 6,570,000 from k = 3 on (2.353): 4 replicas, 18,442,105 requests.
    const { least } = breakEven(USAGE, PRICE, { ...HOST, averageOverPeak: 0.5 })!
    expect(least).toMatchObject({ replicas: 4 })
    expect(least!.requestsPerMonth).toBeCloseTo(18_442_105.26, 2)
  })

  it('for a fleet that is never cheap enough', () => {
    const dear = breakEven(USAGE, PRICE, { ...HOST, averageOverPeak: 0.3 })!
    expect(dear.least).toBeNull()
    expect(breakEven(USAGE, PRICE, { ...HOST, replicaHour: 60 })!.lines[0]!.use).toBeGreaterThan(1)
  })

  it('keeps as many replicas as are to be kept', () => {
    expect(breakEven(USAGE, PRICE, { ...HOST, atLeast: 4 })!.least).toMatchObject({ replicas: 4 })
  })

  it('has no value where tokens were not counted, or cost nothing', () => {
    expect(breakEven({ ...USAGE, uncounted: 3 }, PRICE, HOST)).toBeNull()
    expect(breakEven(USAGE, { input: 0, cached: undefined, output: 0 }, HOST)).toBeNull()
  })
})

it('more load than the least never takes fewer replicas than can serve it', () => {
  for (let use = 0.2; use <= 1; use += 0.05) {
    for (let losses = 0; losses <= 3; losses++) {
      const host = { ...HOST, averageOverPeak: use, losses }
      const least = breakEven(USAGE, PRICE, host)!.least
      if (least === null) continue
      const serves = (least.replicas - losses) * 5 * use * 3600 * 730
      expect(least.requestsPerMonth).toBeLessThanOrEqual(serves * (1 + 1e-6))
      // With one replica fewer it would not be so.
      const fewer = least.replicas - 1 - losses
      if (fewer < 1) continue
      const paid = ((least.replicas - 1) * 6 * 730) / 0.00095
      expect(paid).toBeGreaterThan(fewer * 5 * use * 3600 * 730 * (1 - 1e-6))
    }
  }
})
