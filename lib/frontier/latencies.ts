/** Latencies of a frontier: their short names, their metrics, the fields of a request's timings, and their titles. */
export const LATENCIES = [
  { short: 'ttft', metric: 'llm_ttft', timing: 'ttftMs', title: 'TTFT' },
  { short: 'tpot', metric: 'llm_tpot', timing: 'tpotMs', title: 'TPOT' },
  { short: 'e2e', metric: 'llm_e2e', timing: 'e2eMs', title: 'E2E' },
] as const
