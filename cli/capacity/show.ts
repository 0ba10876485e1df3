import type { Shown } from '../../lib/tables/index.ts'
import type {
  CapacityResult,
  LoadEstimate,
  Measurement,
  Point,
  Replicas,
  Workload,
} from '../../lib/capacity/index.ts'
import { NONE, num, percent } from '../../lib/tables/index.ts'

const mean = (point: Point, of: (run: Measurement) => number | null) => {
  const known = point.runs.flatMap((run) => of(run) ?? [])
  return known.length === 0 ? null : known.reduce((sum, n) => sum + n, 0) / known.length
}
const ms = (value: number | null) => (value === null ? NONE : `${num(value)} ms`)

const tone = (p: Point) =>
  p.saturated ? 'saturated' : p.settled ? p.verdict : `${p.verdict}, rough`

/** The progress line shown after each run. */
export function progress(
  point: Point,
  found: LoadEstimate | undefined,
  unit: CapacityResult['unit'],
): string {
  const n = point.runs.length
  const runs = n === 1 ? '1 run' : `${n} runs`
  const at = `${num(point.load)} ${unit}: ${percent(point.goodShare)} good in ${runs}, ${tone(point)}`
  if (found === undefined) return at
  const range =
    found.low === null || found.high === null ? '' : `, ${num(found.low)} to ${num(found.high)}`
  return `${at}; capacity so far about ${num(found.load)}${range}`
}

function workloadFact(workload: Workload): string {
  const { scenario, model, inputTokensMean, outputTokensMean, cachedShare } = workload
  const cached = cachedShare === null ? '' : ` (${percent(cachedShare)} from the cache)`
  return `Measured with ${scenario ?? 'a scenario'} on ${model ?? 'a model'}: ${num(inputTokensMean)} input tokens${cached} and ${num(outputTokensMean)} output tokens per request. The capacity holds for requests like these.`
}

/** The capacity, and the table of measured loads behind it. */
export function capacityShown(
  result: CapacityResult,
  replicas: Replicas | undefined,
  limits: readonly string[],
): Shown {
  const { unit, capacity, low, high, surelyKept, surelyMissed, knee } = result
  const range =
    low === null || high === null
      ? ''
      : ` (${num(low)} to ${num(high)} at ${percent(result.confidence)} confidence)`
  const known =
    result.precision === null
      ? 'precision unknown'
      : `known only to ±${Math.ceil(100 * result.precision)} %`
  const titles: Record<CapacityResult['status'], string> = {
    found: `Capacity ${num(capacity)} ${unit}${range}`,
    imprecise: `Capacity about ${num(capacity)} ${unit}, ${known}${range}`,
    'above all': `Capacity above ${num(surelyKept ?? result.points.at(-1)?.load)} ${unit}, the highest load tried`,
    'below all': `Capacity below ${num(surelyMissed ?? result.points[0]?.load)} ${unit}, the lowest load tried`,
    'client limited': 'Capacity not found: the client, not the server, was the limit',
    'out of runs': 'Capacity not found within the allowed runs or minutes',
  }
  return {
    title: titles[result.status],
    status: result.status === 'found' ? 'good' : 'unclear',
    facts: [
      `Sought: the highest load at which ${percent(result.target)} of requests meet every latency limit (${limits.join(', ')}). ${result.runs} runs, ${num(result.minutes)} minutes of load.`,
      ...(surelyKept === null ? [] : [`Kept for sure at ${num(surelyKept)} ${unit}.`]),
      ...(surelyMissed === null ? [] : [`Missed for sure from ${num(surelyMissed)} ${unit} on.`]),
      ...(result.perReplica === null || result.goodPerS === null
        ? []
        : [
            `A replica counts as ${num(result.perReplica)} ${unit}${low === result.perReplica ? ', the lower end' : ''}: goodput ${num(result.goodPerS)} requests/s, ${num(result.outputTokensPerS)} output tokens/s.`,
          ]),
      ...(result.workload === null ? [] : [workloadFact(result.workload)]),
      ...(knee === null
        ? []
        : [`Knee (largest throughput / mean latency) at ${num(knee.load)} ${unit}.`]),
      ...(replicas === undefined
        ? []
        : [
            `${replicas.replicas} replicas for a peak of ${num(replicas.peak)} ${unit}, at ${num(replicas.perReplica)} each, with headroom to lose ${replicas.losses}: ${percent(replicas.utilisation)} utilised, ${percent(replicas.utilisationAfterLoss)} after the loss.`,
          ]),
      ...result.notes,
    ],
    heading: [
      unit,
      'runs',
      'good',
      'interval',
      'completed/s',
      'served/s',
      'tokens/s',
      'TTFT p95',
      'TPOT p95',
      'E2E mean',
      '',
    ],
    rows: result.points.map((p) => [
      num(p.load),
      String(p.runs.length),
      percent(p.goodShare),
      `${percent(p.low)} to ${percent(p.high)}`,
      num(p.completedPerS),
      num(p.servedPerS),
      num(mean(p, (run) => run.outputTokensPerS)),
      ms(mean(p, (run) => run.ttftP95Ms)),
      ms(mean(p, (run) => run.tpotP95Ms)),
      ms(mean(p, (run) => run.e2eMeanMs)),
      tone(p),
    ]),
    tones: result.points.map((p) =>
      p.saturated || p.verdict === 'missed' ? 'bad' : p.verdict === 'kept' ? 'good' : '',
    ),
    notes: [
      `Columns: good = requests that met every limit / requests due in the measured windows (failed requests are never good); interval = ${percent(result.confidence)} interval of the good share; completed/s = completed requests that were due in the windows, as in the runs' reports; served/s = requests completed inside the windows, whenever they began; tokens/s, p95 and mean are means over the runs. kept / missed: the whole interval is above / below ${percent(result.target)}; saturated: fewer requests were served than arrived; rough: the warm-up was too short for the answers' length, so the run is not used for the result.`,
      'Method: a sweep by factors of two, a bisection, then runs on both sides of the result, each with its own requests and a warm-up of at least eight mean answers, until the interval is as narrow as asked or the allowed runs or minutes are used up. A logistic curve with curvature, in log load, is fitted to the good shares near the result; the capacity is where it crosses the target share. Its interval follows from how much runs differ from each other.',
    ],
  }
}
