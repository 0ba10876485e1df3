import path from 'node:path'
import { which } from '../setup/run.mjs'
import { findGo } from '../setup/index.mjs'
import { runGroup } from './child.mjs'
import { createGoTally } from './go-events.mjs'
import { root } from './static.mjs'
import { addUp, seconds } from './tally.mjs'

const cwd = path.join(root, 'k6')

/** The first time, the race detector needs all of k6 compiled again, which takes minutes. */
const MINUTES = 18

/**
 * `go vet` and `go test -race` of the module in k6/. Without Go they are shown as skipped; with CI set,
 * that is a failure.
 *
 * @returns {Promise<import('./tally.mjs').Tally>}
 */
export async function goChecks() {
  const go = findGo()
  if (go === undefined) {
    const inCi = Boolean(process.env.CI)
    console.log(`${inCi ? '✗' : '-'} go vet, go test: there is no Go on this machine`)
    return { passed: 0, failed: inCi ? 2 : 0, skipped: inCi ? 0 : 2 }
  }
  return addUp([await vet(go), await test(go)])
}

/** @param {string} go */
async function vet(go) {
  const startedAt = Date.now()
  // Without cgo, packages that the build of k6 has compiled are reused.
  const env = { ...process.env, CGO_ENABLED: '0' }
  const { code, problem } = await runGroup(go, ['vet', './...'], { cwd, env, minutes: MINUTES })
  console.log(`${code === 0 ? '✓' : '✗'} go vet (${problem ?? seconds(startedAt)})`)
  return { passed: code === 0 ? 1 : 0, failed: code === 0 ? 0 : 1, skipped: 0 }
}

/** @param {string} go */
async function test(go) {
  const race = ['cc', 'gcc', 'clang'].some((name) => which(process.env.CC || name, process.env))
  if (!race) console.log('- no C compiler, so the race detector is off')
  const args = ['test', ...(race ? ['-race'] : []), '-json', './...']
  const env = { ...process.env, CGO_ENABLED: race ? '1' : '0' }
  const startedAt = Date.now()
  const alive = setInterval(() => console.log(`  go test, ${seconds(startedAt)}`), 30_000)
  const events = createGoTally(console.log)
  const { code, problem } = await runGroup(go, args, {
    cwd,
    env,
    minutes: MINUTES,
    onStdout: events.feed,
  })
  clearInterval(alive)
  const tally = events.end(code === 0)
  const ok = tally.failed === 0
  console.log(`${ok ? '✓' : '✗'} go ${args.join(' ')} (${problem ?? seconds(startedAt)})`)
  if (race) return tally
  return process.env.CI
    ? { ...tally, failed: tally.failed + 1 }
    : { ...tally, skipped: tally.skipped + 1 }
}
