import { execFile } from 'node:child_process'
import { tmpdir } from 'node:os'
import { mkdtempSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll } from 'vitest'
import { findGo } from '../../scripts/setup/index.mjs'
import { runScenario } from './harness.ts'
import type { Run, Scenario } from './harness.ts'

const MODULE = fileURLToPath(new URL('../../k6', import.meta.url))

/** A k6 with the official module itself, to run these tests on where there is one. */
const { STOCK_K6 } = process.env

/** Go is what `npm test` needs anyway; with $K6 or a k6 on PATH it may be missing. */
export const canBuild = STOCK_K6 !== undefined || findGo() !== undefined

/** With no k6 in Go's cache yet. */
export const BUILD_LIMIT_MS = 600_000

let built: Promise<string> | undefined
let made: string | undefined
afterAll(() => {
  if (made !== undefined) rmSync(made, { recursive: true, force: true })
})

/** The k6 whose k6/x/tcp does what the official one does, its faults included; built once per test file. */
export function stockK6(): Promise<string> {
  built ??= STOCK_K6 === undefined ? buildLookalike() : Promise.resolve(STOCK_K6)
  return built
}

async function buildLookalike(): Promise<string> {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-lookalike-'))
  made = folder
  const k6 = path.join(folder, 'k6')
  // The flags of the k6 that the other tests run on: all but the link comes from the cache.
  const args = ['build', '-trimpath', '-ldflags=-s -w', '-o', k6, './cmd/lookalike']
  const env = { ...process.env, CGO_ENABLED: '0' }
  await promisify(execFile)(findGo() ?? 'go', args, { cwd: MODULE, env })
  return k6
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
