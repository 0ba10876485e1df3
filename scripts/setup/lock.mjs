import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { codeOf, messageOf, SetupError } from './errors.mjs'

/** The holder touches its lock this often; a lock untouched for six times as long is abandoned. */
const BEAT_MS = 5_000
const STALE_MS = 6 * BEAT_MS

/**
 * Runs `work` while no other process does, on this machine or on one that shares the folder. This keeps
 * two builds from slowing each other down. That a file is whole is ensured by renaming, not by the lock.
 *
 * @template T
 * @param {string} file the lock
 * @param {() => Promise<T>} work
 * @param {() => void} [onWait] called once when another process holds the lock
 * @returns {Promise<T>}
 * @throws {SetupError} when the lock cannot be written
 */
export async function withLock(file, work, onWait) {
  const me = `${process.pid} ${hostname()}`
  for (let waited = false; !take(file, me); waited = true) {
    if (!waited) onWait?.()
    if (isStale(file)) rmSync(file, { force: true })
    else await sleep(500)
  }
  const beat = setInterval(() => {
    try {
      utimesSync(file, new Date(), new Date())
    } catch {
      // The cache was cleared meanwhile; the build's rename will fail and report it.
    }
  }, BEAT_MS)
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    clearInterval(beat)
    process.removeListener('exit', release)
    release()
  }
}

/**
 * @param {string} file
 * @param {string} me
 */
function take(file, me) {
  try {
    writeFileSync(file, me, { flag: 'wx' })
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw new SetupError(`cannot write ${file}: ${messageOf(error)}`)
  }
}

/** @param {string} file */
function isStale(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true
    const [pid, host] = readFileSync(file, 'utf8').split(' ')
    return host === hostname() && !isAlive(Number(pid))
  } catch {
    return false
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}
