import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { runGroup } from './child.mjs'
import { seconds } from './tally.mjs'

export const root = fileURLToPath(new URL('../..', import.meta.url))

export function typeChecks() {
  return each([
    ['types of what k6 runs', 'typescript/bin/tsc', ['-p', 'tsconfig.json']],
    ['types of what Node runs', 'typescript/bin/tsc', ['-p', 'tsconfig.node.json']],
    ["types of the pages' script", 'typescript/bin/tsc', ['-p', 'cli/page/script']],
  ])
}

export function lintChecks() {
  return each([
    ['oxlint', 'oxlint/bin/oxlint', ['--deny-warnings']],
    ['prettier', 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.']],
    ['knip', 'knip/bin/knip.js', []],
  ])
}

/**
 * Each command is one check.
 *
 * @param {readonly (readonly [title: string, script: string, args: readonly string[]])[]} checks scripts
 *   below node_modules
 */
async function each(checks) {
  let passed = 0
  for (const [title, script, args] of checks) {
    const startedAt = Date.now()
    const file = path.join(root, 'node_modules', script)
    const { code, problem } = await runGroup(process.execPath, [file, ...args], {
      cwd: root,
      minutes: 5,
    })
    const ok = code === 0
    if (ok) passed += 1
    console.log(`${ok ? '✓' : '✗'} ${title} (${problem ?? seconds(startedAt)})`)
  }
  return { passed, failed: checks.length - passed, skipped: 0 }
}
