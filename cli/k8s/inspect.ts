import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { bareEnvironment, runK6 } from '../k6-process/index.ts'

/** The parts of a k6 scenario that are used. Durations as k6 writes them, such as `29.9s`. */
export interface K6Scenario {
  executor?: string
  vus?: number
  maxVUs?: number
  startVUs?: number
  rate?: number
  startRate?: number
  timeUnit?: string
  duration?: string
  iterations?: number
  stages?: readonly { target?: number; duration?: string }[]
}

/** The parts of `k6 inspect --execution-requirements` that are used. */
export interface Requirements {
  /** The most VUs that k6 may have at one time. */
  maxVUs: number
  scenarios: Readonly<Record<string, K6Scenario>>
}

/** Long enough for a stock k6 to fetch its extension first. */
const INSPECT_MS = 120_000

/** Whether a scenario runs beside the load, with one VU in one pod, and sends nothing of it. */
export function isBeside(name: string): boolean {
  return name === 'monitor' || name === 'server_metrics'
}

/** The most VUs of a scenario; undefined for an executor that is unknown here. */
export function peakVUs(scenario: K6Scenario): number | undefined {
  if (scenario.executor === 'ramping-vus') {
    const targets = (scenario.stages ?? []).map(({ target }) => target ?? 0)
    return Math.max(scenario.startVUs ?? 1, ...targets)
  }
  return scenario.maxVUs ?? scenario.vus
}

/**
 * Does what the operator's initializer does: archives the script with its variables, then inspects
 * the archive. This reveals problems in the variables without sending anything.
 *
 * @param k6 path of k6
 * @param files paths of the bundle, first, and of the files that it opens, which pods find in one folder
 * @throws Error with k6's own message
 */
export async function inspect(
  k6: string,
  files: readonly string[],
  variables: Readonly<Record<string, string>>,
): Promise<Requirements> {
  const folder = await mkdtemp(path.join(tmpdir(), 'k6-inference-'))
  try {
    for (const file of files) {
      await symlink(path.resolve(file), path.join(folder, path.basename(file)))
    }
    const script = path.join(folder, path.basename(files[0]!))
    const archive = path.join(folder, 'archive', 'script.tar')
    await mkdir(path.dirname(archive))
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
