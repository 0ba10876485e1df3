import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findGo } from '../../scripts/setup/index.mjs'
import { runScenario } from './harness.ts'
import type { Run, Scenario } from './harness.ts'

const MODULE = fileURLToPath(new URL('../../k6', import.meta.url))

/** Go is what `npm test` needs anyway; with $K6 or a k6 on PATH it may be missing. */
export const canBuild = findGo() !== undefined

/** With no k6 in Go's cache yet. */
export const BUILD_LIMIT_MS = 600_000

/** Builds the k6 whose k6/x/tcp does what the official one does, its faults included. */
export async function buildLookalike(): Promise<{ k6: string; remove: () => void }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-lookalike-'))
  const k6 = path.join(folder, 'k6')
  // The flags of the k6 that the other tests run on: all but the link comes from the cache.
  const args = ['build', '-trimpath', '-ldflags=-s -w', '-o', k6, './cmd/lookalike']
  const env = { ...process.env, CGO_ENABLED: '0' }
  await promisify(execFile)(findGo() ?? 'go', args, { cwd: MODULE, env })
  return { k6, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** A run without k6's summary, as `k6-inference run` makes it there: the report is made from the records. */
export function runWithoutSummary(k6: string, scenario: Scenario): Promise<Run> {
  const records = ['--log-format', 'raw', '--console-output', 'results/requests.jsonl']
  return runScenario({
    ...scenario,
    k6,
    env: { RECORDS: 'on', ...scenario.env },
    shell: { K6_SUMMARY_MODE: 'disabled' },
    args: [...records, ...(scenario.args ?? [])],
  })
}
