import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bareEnvironment, runK6 } from '../k6-process/index.ts'

/** What `k6 inspect --execution-requirements` says, as far as it is read. */
export interface Requirements {
  maxVUs: number
  scenarios: Record<
    string,
    { executor?: string; vus?: number; maxVUs?: number; [key: string]: unknown }
  >
}

/** The scenario beside the load has one VU, in one pod: no share of the load is lost by that. */
const BESIDE = new Set(['monitor', 'server_metrics'])
/** A stock k6 may have to fetch its extension first. */
const INSPECT_MS = 120_000

/**
 * What is wrong with running a script in so many pods. The operator refuses more pods than VUs in
 * all; a scenario with fewer VUs than pods is worse, since k6 then leaves some pods without any and
 * the part of the load that is theirs is never sent.
 */
export function vuProblems(requirements: Requirements, parallelism: number): string[] {
  const { maxVUs, scenarios } = requirements
  if (maxVUs < parallelism) {
    return [
      `--parallelism ${parallelism}: the script has ${maxVUs} VUs at most, and the operator refuses more pods than VUs`,
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
 * Does what the operator's initializer does: archives the script with its variables and inspects
 * that. Problems in the variables come to light here, and nothing is sent.
 *
 * @param k6 path of the program
 * @param script path of the bundle
 * @throws Error with k6's own words
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
    // The initializer gives up on such a line, whatever k6's exit code; a warning can look like one.
    const line = stderr.split('\n').find((text) => /level.*error/.test(text))
    if (line !== undefined) throw new Error(`the operator's initializer would stop at: ${line}`)
    return JSON.parse(stdout) as Requirements
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function run(k6: string, args: string[]): Promise<{ stdout: string; stderr: string }> {
  // What is in the shell is not in the pod.
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
  if (ended.timedOut) throw new Error(`k6 ${args[0]} has not ended in ${INSPECT_MS / 1000} s`)
  throw new Error(stderr.trim() || stdout.trim() || `k6 ${args[0]} ended with exit code ${code}`)
}
