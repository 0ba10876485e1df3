import { readFileSync } from 'node:fs'
import { buildReport } from '../../lib/report/index.ts'
import type { Report, RunInfo } from '../../lib/results/index.ts'
import { runInfo } from './fixtures/cases.ts'

/** What the real k6 gave handleSummary; see fixtures/generate.ts. */
export function fixture<T = unknown>(file: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${file}.json`, import.meta.url), 'utf8'))
}

export function report(file: string, change: Partial<RunInfo> = {}): Report {
  const run = runInfo(file.replace('-machine', ''), change)
  return buildReport({ summary: fixture(file), run })
}
