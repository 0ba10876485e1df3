import { TREND_STATS } from './modes.ts'
import type { Mode } from './modes.ts'

/** Variables that make k6 write to Prometheus as the dashboards of a mode read it. */
export function outputEnv(mode: Mode): Record<string, string> {
  return {
    // An address given by the shell stays.
    K6_PROMETHEUS_RW_SERVER_URL: 'http://localhost:9090/api/v1/write',
    K6_PROMETHEUS_RW_PUSH_INTERVAL: '5s',
    ...(mode === 'native'
      ? { K6_FEATURES: 'native-histograms' }
      : { K6_PROMETHEUS_RW_TREND_STATS: TREND_STATS.join(',') }),
  }
}

export function envFile(mode: Mode): string {
  const about =
    mode === 'native'
      ? 'Native histograms: the dashboards without "(trend stats)" in their names.'
      : 'Trend stats, for stores without native histograms: the dashboards with "(trend stats)".'
  const lines = Object.entries(outputEnv(mode)).map(([name, value]) => `${name}=${value}`)
  return [
    `# ${about}`,
    '# Made by `npm run dashboards`. For `docker run --env-file`, or `set -a; . FILE; set +a`, then',
    '# k6 run -o experimental-prometheus-rw --tag testid=NAME dist/chat-spike.js',
    ...lines,
    '',
  ].join('\n')
}
