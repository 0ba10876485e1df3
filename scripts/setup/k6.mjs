import { existsSync, rmSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { binaryPrefix, cacheFolder, newestBuild, prepareCache, prune } from './cache.mjs'
import { SetupError } from './errors.mjs'
import { buildK6, findGo, GO_FOLDERS, goVersion } from './go.mjs'
import { withLock } from './lock.mjs'
import { MINIMUM_K6, probe } from './probe.mjs'
import { which } from './run.mjs'

const MODULE = fileURLToPath(new URL('../../k6', import.meta.url))

/**
 * @typedef {object} FoundK6
 * @property {string} path absolute
 * @property {string} version e.g. `2.2.0`
 * @property {'K6' | 'PATH' | 'cache' | 'built'} source
 */

/**
 * Finds a k6 that can stream, or builds one: `$K6`, `k6` on PATH, an earlier build, a new build.
 *
 * @param {object} [options]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {string} [options.moduleFolder] the Go module to build
 * @param {readonly string[]} [options.goFolders] where Go is looked for after PATH
 * @param {(message: string) => void} [options.log]
 * @returns {Promise<FoundK6>}
 * @throws {SetupError} when `$K6` is set but cannot be used, or when no k6 is found and none can be built
 */
export async function ensureK6({
  env = process.env,
  moduleFolder = MODULE,
  goFolders = GO_FOLDERS,
  log = warn,
} = {}) {
  if (env.K6) return fromVariable(env.K6, env)
  /** @type {string[]} */
  const passedOver = []
  const onPath = which('k6', env)
  if (onPath !== undefined) {
    const probed = await probe(onPath, env)
    if (probed.ok) return { path: onPath, version: probed.version, source: 'PATH' }
    passedOver.push(`k6 on PATH (${onPath}): ${probed.reason}`)
    log(`not taking k6 on PATH (${onPath}): ${probed.reason}`)
  } else {
    passedOver.push('k6 on PATH: there is none')
  }
  return fromModule({ env, moduleFolder, goFolders, log, passedOver })
}

/**
 * @param {string} value
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<FoundK6>}
 */
async function fromVariable(value, env) {
  const file = which(value, env)
  if (file === undefined) throw new SetupError(`K6=${value}: there is no such program`)
  const probed = await probe(file, env)
  if (!probed.ok) {
    throw new SetupError(
      `K6=${value}: ${probed.reason}. Unset K6 to let another k6 be found or built.`,
    )
  }
  return { path: file, version: probed.version, source: 'K6' }
}

/**
 * @param {object} how
 * @param {NodeJS.ProcessEnv} how.env
 * @param {string} how.moduleFolder
 * @param {readonly string[]} how.goFolders
 * @param {(message: string) => void} how.log
 * @param {string[]} how.passedOver
 * @returns {Promise<FoundK6>}
 */
async function fromModule({ env, moduleFolder, goFolders, log, passedOver }) {
  const folder = cacheFolder(env)
  const prefix = binaryPrefix(moduleFolder)
  const go = findGo(env, goFolders)
  const target =
    go === undefined
      ? newestBuild(folder, prefix)
      : path.join(folder, `${prefix}-${await goVersion(go, moduleFolder, env)}`)
  const cached = target === undefined ? undefined : await fromCache(target, env, log)
  if (cached !== undefined) return cached
  if (go === undefined || target === undefined) throw noWay(passedOver)
  prepareCache(folder)
  return withLock(
    `${target}.lock`,
    async () => {
      const other = await fromCache(target, env, log)
      if (other !== undefined) return other
      await buildK6({ go, moduleFolder, target, env })
      const probed = await probe(target, env)
      if (!probed.ok) {
        rmSync(target, { force: true })
        throw new SetupError(`the k6 just built does not work: ${probed.reason}`)
      }
      prune(folder)
      return { path: target, version: probed.version, source: 'built' }
    },
    () => log('another process is building k6, waiting for it'),
  )
}

/**
 * @param {string} file
 * @param {NodeJS.ProcessEnv} env
 * @param {(message: string) => void} log
 * @returns {Promise<FoundK6 | undefined>}
 */
async function fromCache(file, env, log) {
  if (!existsSync(file)) return undefined
  const probed = await probe(file, env)
  if (probed.ok) return { path: file, version: probed.version, source: 'cache' }
  log(`not taking the earlier build ${file}: ${probed.reason}`)
  return undefined
}

/** @param {readonly string[]} passedOver */
function noWay(passedOver) {
  return new SetupError(
    [
      'no k6 that can stream, and none can be built:',
      ...[...passedOver, 'Go on PATH: there is none'].map((reason) => `  - ${reason}`),
      'Any one of these solves it:',
      `  - install k6 ${MINIMUM_K6} or later; it fetches k6/x/tcp by itself where it can reach Grafana's build service`,
      '  - install Go and run this again: k6 is then built once, in about 2 minutes',
      '  - set K6 to the path of a k6 with k6/x/tcp built in',
    ].join('\n'),
  )
}

/** @param {string} message */
function warn(message) {
  console.error(`setup: ${message}`)
}
