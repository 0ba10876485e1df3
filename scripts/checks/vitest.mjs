import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { runGroup } from './child.mjs'
import { root } from './static.mjs'

/**
 * @typedef {object} VitestReport the parts of Vitest's JSON report that are used
 * @property {{ status: string, name: string, message?: string, assertionResults: { status: string }[] }[]} testResults
 */

/**
 * @param {string} project a project of vitest.config.ts
 * @param {number} minutes deadline
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function vitestChecks(project, minutes) {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-vitest-'))
  const report = path.join(folder, 'report.json')
  const script = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json']
  try {
    const { code, problem } = await runGroup(
      process.execPath,
      [script, ...args, `--outputFile.json=${report}`],
      { cwd: root, minutes },
    )
    return tallyVitest(readReport(report), problem ?? `exit code ${code}`, code === 0)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * Counts a report's tests. A file that broke before its tests counts as one failure. So does a run that
 * failed without a failed test (a crash, an error outside tests) or ran no test at all.
 *
 * @param {VitestReport | undefined} report
 * @param {string} ending how the run ended, for the message
 * @param {boolean} endedWell
 * @returns {import('./tally.mjs').Tally}
 */
export function tallyVitest(report, ending, endedWell) {
  const tally = { passed: 0, failed: 0, skipped: 0 }
  for (const file of report?.testResults ?? []) {
    let failedHere = 0
    for (const { status } of file.assertionResults) {
      if (status === 'passed') tally.passed += 1
      else if (status === 'failed') failedHere += 1
      else tally.skipped += 1
    }
    if (file.status === 'failed' && failedHere === 0) failedHere = 1
    tally.failed += failedHere
  }
  if (tally.failed === 0 && (!endedWell || tally.passed === 0)) {
    console.error(`✗ Vitest did not run to a good end: ${ending}, ${tally.passed} tests passed`)
    tally.failed = 1
  }
  return tally
}

/**
 * @param {string} file
 * @returns {VitestReport | undefined}
 */
function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return undefined
  }
}
