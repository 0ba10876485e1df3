import { createHash } from 'node:crypto'
import { mkdirSync, readdirSync, readFileSync, rmSync, statfsSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { messageOf, SetupError } from './errors.mjs'

/** Two binaries of 80 MB (the old one and the one being written) and some headroom. */
const NEEDED_BYTES = 300e6

/**
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} [platform]
 * @returns {string} the user's cache folder for this project, which may not exist yet
 */
export function cacheFolder(env, platform = process.platform) {
  const home = env.HOME || homedir()
  const base =
    env.XDG_CACHE_HOME && path.isAbsolute(env.XDG_CACHE_HOME)
      ? env.XDG_CACHE_HOME
      : platform === 'darwin'
        ? path.join(home, 'Library', 'Caches')
        : platform === 'win32' && env.LOCALAPPDATA
          ? env.LOCALAPPDATA
          : path.join(home, '.cache')
  return path.join(base, 'k6-inference')
}

/**
 * Binaries are named after what they are built from, so another source, platform or compiler gives another name.
 *
 * @param {string} moduleFolder the Go module's folder
 * @returns {string} `k6-<hash of the sources>-<platform>-<architecture>`, without the compiler's version
 */
export function binaryPrefix(moduleFolder) {
  const hash = createHash('sha256')
  for (const file of sourcesOf(moduleFolder)) {
    hash.update(file.split(path.sep).join('/')).update('\0')
    hash.update(readFileSync(path.join(moduleFolder, file))).update('\0')
  }
  return `k6-${hash.digest('hex').slice(0, 16)}-${process.platform}-${process.arch}`
}

/** @param {string} folder */
function sourcesOf(folder) {
  const isSource = (/** @type {string} */ file) =>
    (file.endsWith('.go') && !file.endsWith('_test.go')) || /(^|[\\/])go\.(mod|sum)$/.test(file)
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(isSource).sort()
}

/**
 * @param {string} folder
 * @param {string} prefix
 * @returns {string | undefined} the newest finished build of these sources by any compiler
 */
export function newestBuild(folder, prefix) {
  /** @type {string[]} */
  let names = []
  try {
    names = readdirSync(folder)
  } catch {
    return undefined
  }
  return names
    .filter((name) => name.startsWith(`${prefix}-`) && !/\.(part|lock)$/.test(name))
    .map((name) => path.join(folder, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
}

/**
 * @param {string} folder created if missing
 * @throws {SetupError} when it cannot be created or its disk is full
 */
export function prepareCache(folder) {
  try {
    mkdirSync(folder, { recursive: true })
  } catch (error) {
    throw new SetupError(
      `cannot make the cache folder ${folder} (${messageOf(error)}); set XDG_CACHE_HOME to a folder that can be written`,
    )
  }
  const { bavail, bsize } = statfsSync(folder)
  if (bavail * bsize < NEEDED_BYTES) {
    const mb = (/** @type {number} */ bytes) => `${Math.round(bytes / 1e6)} MB`
    throw new SetupError(
      `not enough room to build k6: ${mb(bavail * bsize)} free in ${folder}, ${mb(NEEDED_BYTES)} needed; ` +
        'free some, or set XDG_CACHE_HOME to a folder on another disk',
    )
  }
}

/**
 * Removes all but the newest builds: each takes 80 MB, and every change of the module makes another.
 *
 * @param {string} folder
 * @param {number} [keep]
 */
export function prune(folder, keep = 3) {
  readdirSync(folder)
    .filter((name) => name.startsWith('k6-') && !/\.(part|lock)$/.test(name))
    .map((name) => path.join(folder, name))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)
    .slice(keep)
    .forEach((file) => rmSync(file, { force: true }))
}
