import { parseArgs } from '../arguments.ts'
import { guarded, TERMINAL, UsageError } from '../command.ts'
import type { Terminal } from '../command.ts'
import { COSTS } from './costs.ts'
import { planPods } from './plan.ts'

const HELP = `Estimates the VUs, CPU, memory and pods that a load needs, from measured costs (docs/sizing.md).

  k6-inference plan --rate 40 --tokens 300

  --rate R          requests/s at the load's peak
  --tokens N        output tokens per request
  --ttft MS         expected time to first token (default 500)
  --tpot MS         expected time per output token (default 20)
  --duration S      length of the load, seconds (default 600)
  --cpu N           cores per pod (default 1)
  --memory MIB      memory per pod, MiB (default 1024)
  --share P%        share of a pod's cores that the load may use (default 60%)
  --cpu-per-token US, --cpu-per-request US   costs measured on your machine (npm run bench:sizing)
  --json            write the plan as JSON
`

const text = { type: 'string' } as const

/** `k6-inference plan`. */
export function main(argv: readonly string[], terminal: Terminal = TERMINAL): Promise<number> {
  return guarded('plan', async () => plan(argv, terminal), terminal)
}

function plan(argv: readonly string[], terminal: Terminal): number {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      rate: text,
      tokens: text,
      ttft: text,
      tpot: text,
      duration: text,
      cpu: text,
      memory: text,
      share: text,
      'cpu-per-token': text,
      'cpu-per-request': text,
      json: { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    },
  })
  if (values.help) {
    terminal.out(HELP)
    return 0
  }
  const number = (name: Exclude<keyof typeof values, 'json' | 'help'>, byDefault?: number) => {
    const given = values[name]?.replace(/%$/, '')
    if (given === undefined && byDefault !== undefined) return byDefault
    const value = Number(given)
    if (given === undefined || given.trim() === '' || !(value > 0) || value > 1e9) {
      throw new UsageError(`--${name} ${values[name] ?? '(not given)'}: accepted: a number above 0`)
    }
    return value
  }
  const aim = {
    rate: number('rate'),
    tokens: number('tokens'),
    ttftMs: number('ttft', 500),
    tpotMs: number('tpot', 20),
    durationS: number('duration', 600),
  }
  const share = number('share', 60) / 100
  if (share > 1) throw new UsageError(`--share ${values.share}: accepted: at most 100%`)
  const size = { cores: number('cpu', 1), memoryMiB: number('memory', 1024), share }
  const costs = {
    ...COSTS,
    cpuUsPerToken: number('cpu-per-token', COSTS.cpuUsPerToken),
    cpuUsPerRequest: number('cpu-per-request', COSTS.cpuUsPerRequest),
  }
  const planned = planPods(aim, size, costs)
  if ('problem' in planned) throw new UsageError(planned.problem)
  if (values.json) {
    terminal.out(`${JSON.stringify({ aim, size, costs, planned }, null, 2)}\n`)
    return 0
  }
  const { perPod } = planned
  const round = (value: number, digits = 0) =>
    value.toLocaleString('en', { maximumFractionDigits: digits })
  terminal.out(`  load      ${round(aim.rate, 2)} requests/s x ${round(aim.tokens)} tokens = ${round(planned.tokensPerS)} tokens/s
  streams   ${round(planned.inFlight, 1)} open at once, ${round(planned.vus)} VUs at most
  CPU       ${round(planned.cores, 2)} cores (${round(costs.cpuUsPerToken)} us per token, ${round(costs.cpuUsPerRequest)} us per request)
  memory    ${round(planned.memoryMiB)} MiB, plus ${round(costs.mibBase)} MiB per pod
  pods      ${planned.pods} of ${round(size.cores, 2)} cores and ${round(size.memoryMiB)} MiB each, limited by ${planned.limit} (${round(share * 100)} % of the cores used)
  per pod   ${perPod.vus} VUs, ${round(perPod.tokensPerS)} tokens/s, ${round(perPod.cores, 2)} cores, ${round(perPod.memoryMiB)} MiB
`)
  for (const warning of planned.warnings) terminal.note(`  ! ${warning}\n`)
  return 0
}
