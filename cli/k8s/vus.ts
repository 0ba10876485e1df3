import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bareEnvironment, runK6 } from '../k6-process/index.ts'

/** The parts of `k6 inspect --execution-requirements` that are used. */
export interface Requirements {
  maxVUs: number
  scenarios: Record<
    string,
    { executor?: string; vus?: number; maxVUs?: number; [key: string]: unknown }
  >
}

/** These scenarios run beside the load with one VU in one pod, so no load is lost. */
const BESIDE = new Set(['monitor', 'server_metrics'])
/** Long enough for a stock k6 to fetch its extension first. */
const INSPECT_MS = 120_000

/**
 * Checks whether a script has enough VUs for so many pods. The operator refuses more pods than VUs in
 * total. A scenario with fewer VUs than pods is worse: k6 leaves some pods without any, and their part
 * of the load is never sent.
 */
export function vuProblems(requirements: Requirements, parallelism: number): string[] {
  const { maxVUs, scenarios } = requirements
  if (maxVUs < parallelism) {
    return [
      `--parallelism ${parallelism}: the script has at most ${maxVUs} VUs, and the operator refuses more pods than VUs`,
    ]
  }
  return Object.entries(scenarios).flatMap(([name, scenario]) => {
    const vus = vusOf(scenario)
    if (BESIDE.has(name) || vus === undefined || vus >= parallelism) return []
    return [
      `--parallelism ${parallelism}: scenario ${name} has ${vus} VUs, so some pods would send nothing of its load; use fewer pods, or give a larger EXPECTED_E2E or MAX_VUS`,
    ]
  })
}

function vusOf(scenario: Requirements['scenarios'][string]): number | undefined {
  if (scenario.executor === 'ramping-vus') {
    const stages = (scenario['stages'] ?? []) as { target?: number }[]
    const start = (scenario['startVUs'] ?? 1) as number
    return Math.max(start, ...stages.map(({ target }) => target ?? 0))
  }
  return scenario.maxVUs ?? scenario.vus
}

/**
 * Does what the operator's initializer does: archives the script with its variables, then inspects
 * the archive. This reveals problems in the variables without sending anything.
 *
 * @param k6 path of k6
 * @param script path of the bundle
 * @throws Error with k6's own message
 */
export async function inspect(
  k6: string,
  script: string,
  variables: Readonly<Record<string, string>>,
): Promise<Requirements> {
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-'))
  try {
    const archive = path.join(folder, 'script.tar')
    const settings = Object.entries(variables).flatMap(([name, value]) => [
      '-e',
      `${name}=${value}`,
    ])
    await run(k6, ['archive', script, ...settings, '-O', archive])
    const { stdout, stderr } = await run(k6, ['inspect', '--execution-requirements', archive])
    // The initializer stops at such a line, whatever k6's exit code; even a warning can match.
    const line = stderr.split('\n').find((text) => /level.*error/.test(text))
    if (line !== undefined) throw new Error(`the operator's initializer would stop at: ${line}`)
    return JSON.parse(stdout) as Requirements
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function run(k6: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  // Pods do not have the shell's variables.
  const env = bareEnvironment()
  const ended = await runK6({
    k6,
    args,
    env,
    stdout: 'keep',
    stderr: 'keep',
    timeoutMs: INSPECT_MS,
  })
  const { code, stdout, stderr } = ended
  if (code === 0) return ended
  if (ended.timedOut) throw new Error(`k6 ${args[0]} did not end within ${INSPECT_MS / 1000} s`)
  throw new Error(stderr.trim() || stdout.trim() || `k6 ${args[0]} ended with exit code ${code}`)
}
