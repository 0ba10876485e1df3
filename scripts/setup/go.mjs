import { chmodSync, renameSync, rmSync } from 'node:fs'
import { messageOf, SetupError } from './errors.mjs'
import { progress } from './progress.mjs'
import { run, which } from './run.mjs'

/** Where Go's own installer puts it; not every PATH includes this folder. */
export const GO_FOLDERS = ['/usr/local/go/bin']

/**
 * @param {NodeJS.ProcessEnv} [env]
 * @param {readonly string[]} [folders] looked in after PATH
 * @returns {string | undefined} path of the Go command
 */
export function findGo(env = process.env, folders = GO_FOLDERS) {
  return which('go', env, folders)
}

/**
 * @param {string} go
 * @param {string} moduleFolder
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>} version of the compiler that builds the module, e.g. `go1.26.1`
 * @throws {SetupError} when Go does not work, or is too old and cannot fetch the required version
 */
export async function goVersion(go, moduleFolder, env) {
  const told = await run(go, ['env', 'GOVERSION'], { cwd: moduleFolder, env, timeoutMs: 300_000 })
  const version = told.stdout.trim()
  if (told.code === 0 && /^go\d/.test(version)) return version.replaceAll(/[^\w.-]/g, '_')
  throw new SetupError(`Go at ${go} does not work: ${told.problem ?? tail(told.stderr)}`)
}

/**
 * Builds k6 with the socket module, under a temporary name first, so that no partial binary is ever found.
 *
 * @param {object} what
 * @param {string} what.go
 * @param {string} what.moduleFolder
 * @param {string} what.target path of the binary
 * @param {NodeJS.ProcessEnv} what.env
 * @throws {SetupError}
 */
export async function buildK6({ go, moduleFolder, target, env }) {
  // Without cgo the binary is static and needs no C compiler.
  const goEnv = { ...env, CGO_ENABLED: '0' }
  const bar = progress('building k6 with the socket module, once (about 2 minutes)')
  const partial = `${target}.${process.pid}.part`
  const remove = () => rmSync(partial, { force: true })
  process.once('exit', remove)
  try {
    bar.say('fetching modules')
    const listed = await run(go, ['list', '-deps', '.'], {
      cwd: moduleFolder,
      env: goEnv,
      onStderr: (text) => bar.count(occurrences(text, 'go: downloading'), 'modules fetched'),
    })
    if (listed.code !== 0) throw buildError('fetching its modules', listed)
    bar.expect(listed.stdout.trim().split('\n').length)
    const args = ['build', '-v', '-trimpath', '-ldflags=-s -w', '-o', partial, '.']
    const built = await run(go, args, {
      cwd: moduleFolder,
      env: goEnv,
      onStderr: (text) => bar.count(occurrences(text, '\n'), 'packages compiled'),
    })
    if (built.code !== 0) throw buildError('compiling', built)
    try {
      chmodSync(partial, 0o755)
      renameSync(partial, target)
    } catch (error) {
      throw new SetupError(`cannot put the built k6 at ${target}: ${messageOf(error)}`)
    }
    bar.end('built')
  } finally {
    bar.end('failed')
    process.removeListener('exit', remove)
    remove()
  }
}

/**
 * @param {string} step
 * @param {import('./run.mjs').Finished} finished
 */
function buildError(step, { stderr, problem }) {
  const said = problem ?? tail(stderr)
  const hint = /no space left on device/.test(stderr)
    ? 'The disk is full: Go needs about 1.5 GB for its caches (GOCACHE, GOMODCACHE say where they are).'
    : /dial tcp|lookup|timeout|connection refused|x509|unexpected EOF/i.test(stderr)
      ? 'Go could not fetch what it needs: check the network, or set GOPROXY and HTTPS_PROXY.'
      : /requires go >=|toolchain/.test(stderr)
        ? 'Go is too old for this k6 and could not fetch a newer one: install a newer Go.'
        : ''
  return new SetupError(`building k6 failed while ${step}:\n${said}\n${hint}`.trimEnd())
}

/**
 * @param {string} text
 * @param {string} part
 */
function occurrences(text, part) {
  return text.split(part).length - 1
}

/** @param {string} text */
function tail(text) {
  return text.trim().split('\n').slice(-8).join('\n') || 'no message'
}
