import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { InputError } from '../cli/command.ts'
import { findK6, findScript, runK6 } from '../cli/k6-process/index.ts'
import { outputEnv } from '../grafana/src/index.ts'

const HELP = `Usage: npm run live -- [--trend] [--testid NAME] SCENARIO [k6's options]

Runs a scenario (a name or a bundle) with k6 and writes its metrics to Prometheus, for the dashboards in
grafana/. Arguments after the scenario go to k6: npm run live -- chat-spike -e RATE=5 -e SLO_TTFT_P95=800

  --trend         trend stats instead of native histograms, for stores without them
  --testid NAME   name of the run on the dashboards (default: SCENARIO and the time)

Address and credentials: K6_PROMETHEUS_RW_SERVER_URL (default http://localhost:9090/api/v1/write) and k6's
other K6_PROMETHEUS_RW_ variables.`

async function main(args: readonly string[]): Promise<number> {
  // Options before the scenario are this program's, those after it k6's.
  const at = args.findIndex((arg, i) => !arg.startsWith('-') && args[i - 1] !== '--testid')
  const { values } = parseArgs({
    args: at < 0 ? [...args] : args.slice(0, at),
    options: {
      trend: { type: 'boolean', default: false },
      testid: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  const scenario = args[at]
  if (values.help || scenario === undefined) {
    console.log(HELP)
    return values.help ? 0 : 1
  }
  const script = await findScript(scenario)
  const name = path.basename(script, '.js')
  const testid = values.testid ?? `${name}-${new Date().toISOString().replace(/\.\d+Z$/, 'Z')}`
  mkdirSync('results', { recursive: true })
  const k6 = await findK6()
  console.error(`live: testid ${testid}`)
  const output = ['-o', 'experimental-prometheus-rw', '--tag', `testid=${testid}`]
  const { code } = await runK6({
    k6: k6.path,
    args: ['run', ...output, ...args.slice(at + 1), script],
    env: { ...outputEnv(values.trend ? 'trend' : 'native'), ...process.env },
  })
  return code
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(`live: ${error instanceof InputError ? error.message : String(error)}`)
  process.exitCode = 1
}
