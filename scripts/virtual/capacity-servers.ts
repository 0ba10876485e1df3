import type { Slo } from '../../lib/metrics/index.ts'
import type { VirtualServer } from './capacity.ts'

const server = (
  truth: number,
  slo: Partial<Slo>,
  more: Omit<VirtualServer, 'truth' | 'slo' | 'target'> = {},
): VirtualServer => ({
  truth,
  slo: { errorRate: 0.01, ...slo },
  target: 0.95,
  ...more,
})

/** Servers that are limited by different things, some with a few requests a minute. */
export const VIRTUAL_SERVERS: Record<string, VirtualServer> = {
  'batch (TPOT)': server(9.04, { tpotP95Ms: 12 }),
  'places (TTFT)': server(19.7, { ttftP95Ms: 200 }),
  'flat curve (TTFT, TPOT)': server(11.41, { ttftP95Ms: 60, tpotP95Ms: 14 }),
  E2E: server(17.86, { e2eP95Ms: 5000 }),
  'bursts (TTFT)': server(16.91, { ttftP95Ms: 300 }, { traffic: { burstiness: 0.25 } }),
  'prefill (TTFT)': server(
    1.595,
    { ttftP95Ms: 1500 },
    { engine: { prefillTokensPerS: 8000 }, traffic: { inputTokens: 2000, outputTokens: 40 } },
  ),
  'KV cache (TTFT, TPOT)': server(
    2.31,
    { ttftP95Ms: 1000, tpotP95Ms: 25 },
    { engine: { kvBlocks: 500 }, traffic: { inputTokens: 400, outputTokens: 250 } },
  ),
  'few requests (TTFT)': server(
    2.237,
    { ttftP95Ms: 500 },
    { engine: { maxRunning: 8, stepBaseMs: 12, perRequestMs: 0.3 } },
  ),
  'long answers (TTFT, TPOT)': server(
    0.65,
    { ttftP95Ms: 2000, tpotP95Ms: 60 },
    {
      engine: { maxRunning: 16, stepBaseMs: 30, perRequestMs: 1 },
      traffic: { inputTokens: 800, outputTokens: 300 },
    },
  ),
  'in flight: batch (TPOT)': server(18, { tpotP95Ms: 12 }, { closed: true }),
  'in flight: places (TTFT)': server(64, { ttftP95Ms: 100 }, { closed: true }),
  'in flight: prefill (TTFT)': server(
    32,
    { ttftP95Ms: 2500 },
    {
      engine: { prefillTokensPerS: 8000 },
      traffic: { inputTokens: 2000, outputTokens: 40 },
      closed: true,
    },
  ),
  'in flight: KV cache (TTFT)': server(
    11,
    { ttftP95Ms: 1000 },
    { engine: { kvBlocks: 500 }, traffic: { inputTokens: 400, outputTokens: 250 }, closed: true },
  ),
}
