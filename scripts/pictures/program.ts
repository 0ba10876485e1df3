import { fileURLToPath } from 'node:url'
import { outputEnv } from '../../grafana/src/index.ts'
import { runGroup } from '../checks/child.mjs'
import type { Prometheus } from '../prometheus.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const BIN = fileURLToPath(new URL('../../bin/k6-inference.mjs', import.meta.url))

/**
 * Runs the program of this clone. What k6 sends to a Prometheus goes to this one.
 * @throws Error where it fails, or has no end within so many minutes
 */
export async function runProgram(
  args: readonly string[],
  minutes: number,
  prometheus: Prometheus,
): Promise<void> {
  const env = {
    ...outputEnv('native'),
    K6_PROMETHEUS_RW_SERVER_URL: prometheus.writeUrl,
    K6_PROMETHEUS_RW_PUSH_INTERVAL: '2s',
  }
  // Limits missed (99) are what the pictures are of.
  await runNode([BIN, ...args], { minutes, env, accepted: [0, 99] })
}

/**
 * Runs a script with Node.
 * @throws Error where it ends with another code than those, or not within so many minutes
 */
export async function runNode(
  args: readonly string[],
  options: { minutes: number; env: NodeJS.ProcessEnv; accepted?: readonly number[] },
): Promise<void> {
  const { minutes, accepted = [0] } = options
  const env = { ...process.env, ...options.env }
  const { code, problem } = await runGroup(process.execPath, args, { cwd: ROOT, minutes, env })
  if (problem !== undefined) throw new Error(problem)
  if (code === null || !accepted.includes(code)) throw new Error(`ended with exit code ${code}`)
}
