import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { run } from './run.mjs'

/** First version with TextDecoder in its engine and the v2 module paths. */
export const MINIMUM_K6 = '2.2.0'

/** Stock k6 fetches the module from a build service on first use. */
const RESOLVE_TIMEOUT_MS = 90_000
const VERSION_TIMEOUT_MS = 20_000

const PROBE = `import { Socket } from 'k6/x/tcp'
if (typeof Socket !== 'function') throw new Error('k6/x/tcp has no Socket')
export default function () {}
`

/**
 * Finds out whether a binary is a k6 that these load tests run on.
 *
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<{ ok: true, version: string } | { ok: false, reason: string }>}
 */
export async function probe(file, env) {
  const told = await run(file, ['version'], { env, timeoutMs: VERSION_TIMEOUT_MS })
  const match = /\bv(\d+)\.(\d+)\.(\d+)(\S*)/.exec(told.stdout)
  if (told.code !== 0 || match === null) {
    const said = told.problem ?? lastLine(told.stderr) ?? lastLine(told.stdout) ?? 'it says nothing'
    return { ok: false, reason: `\`k6 version\` does not work (${said})` }
  }
  const version = match.slice(1, 4).join('.')
  if (olderThan(version, MINIMUM_K6)) {
    return { ok: false, reason: `it is version ${version}, ${MINIMUM_K6} or later is needed` }
  }
  const loads = await loadsSocketModule(file, env)
  if (loads !== undefined) {
    return { ok: false, reason: `version ${version} cannot load k6/x/tcp (${loads})` }
  }
  return { ok: true, version }
}

/**
 * `k6 inspect` runs a script's init code only: no outputs, no REST port, no virtual users.
 *
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string | undefined>} why not, undefined when it does
 */
async function loadsSocketModule(file, env) {
  const folder = mkdtempSync(path.join(tmpdir(), 'k6-inference-probe-'))
  try {
    const script = path.join(folder, 'probe.js')
    writeFileSync(script, PROBE)
    const { code, stderr, problem } = await run(file, ['inspect', script], {
      env,
      timeoutMs: RESOLVE_TIMEOUT_MS,
    })
    return code === 0 ? undefined : (problem ?? errorOf(stderr))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * @param {string} log k6's log
 * @returns {string} its last error, shortened to a line
 */
function errorOf(log) {
  const line = lastLine(log) ?? 'no message'
  const message = /msg="((?:[^"\\]|\\.)*)"/.exec(line)?.[1]?.replaceAll('\\"', '"') ?? line
  return message.length > 200 ? `${message.slice(0, 200)}…` : message
}

/** @param {string} text */
function lastLine(text) {
  return text.trim().split('\n').at(-1)?.trim() || undefined
}

/**
 * @param {string} version three numbers
 * @param {string} floor three numbers
 */
export function olderThan(version, floor) {
  const a = version.split('.').map(Number)
  const b = floor.split('.').map(Number)
  const at = b.findIndex((part, i) => a[i] !== part)
  return at !== -1 && (a[at] ?? 0) < (b[at] ?? 0)
}
