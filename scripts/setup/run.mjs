import { spawn } from 'node:child_process'
import { accessSync, constants, statSync } from 'node:fs'
import path from 'node:path'

/**
 * @typedef {object} Finished
 * @property {number | null} code exit code; null when it never started, timed out or was killed
 * @property {string} stdout
 * @property {string} stderr
 * @property {string | undefined} problem why there is no exit code
 */

/**
 * Runs a program to its end and keeps its output (the last `keep` characters of each stream).
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {object} [options]
 * @param {string} [options.cwd]
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {number} [options.timeoutMs] killed after this many ms
 * @param {(text: string) => void} [options.onStderr] called with what arrives on stderr
 * @param {number} [options.keep]
 * @returns {Promise<Finished>} never rejects
 */
export function run(file, args, { cwd, env, timeoutMs, onStderr, keep = 1 << 20 } = {}) {
  return new Promise((resolve) => {
    let stdout = ''
    let stderr = ''
    /** @type {string | undefined} */
    let problem
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
    const timer =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            problem = `no end after ${timeoutMs / 1000} s`
            child.kill('SIGKILL')
          }, timeoutMs)
    // An interrupted parent must not leave the child running.
    const killChild = () => child.kill('SIGKILL')
    process.once('exit', killChild)
    child.stdout.setEncoding('utf8').on('data', (text) => (stdout = (stdout + text).slice(-keep)))
    child.stderr.setEncoding('utf8').on('data', (text) => {
      stderr = (stderr + text).slice(-keep)
      onStderr?.(text)
    })
    const finish = (/** @type {number | null} */ code) => {
      clearTimeout(timer)
      process.removeListener('exit', killChild)
      resolve({ code, stdout, stderr, problem })
    }
    child.on('error', (error) => {
      problem = error.message
      finish(null)
    })
    child.on('close', (code, signal) => {
      if (code === null) problem ??= `killed by ${signal}`
      finish(problem === undefined ? code : null)
    })
  })
}

/**
 * @param {string} name a program's name, or a path if it contains a separator
 * @param {NodeJS.ProcessEnv} env
 * @param {readonly string[]} [alsoIn] folders to look in after PATH
 * @returns {string | undefined} absolute path of the first executable file
 */
export function which(name, env, alsoIn = []) {
  const suffixes = process.platform === 'win32' ? ['.exe', ''] : ['']
  const folders =
    name.includes('/') || name.includes(path.sep)
      ? ['']
      : [...(env.PATH ?? '').split(path.delimiter).filter((folder) => folder !== ''), ...alsoIn]
  for (const folder of folders) {
    for (const suffix of suffixes) {
      const file = path.resolve(folder, name + suffix)
      if (isExecutable(file)) return file
    }
  }
  return undefined
}

/** @param {string} file */
function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK)
    return statSync(file).isFile()
  } catch {
    return false
  }
}
