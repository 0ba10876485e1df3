import { spawn } from 'node:child_process'

/**
 * Runs a program in its own process group, so that everything it started ends with it, at its deadline
 * or when this process is interrupted.
 *
 * @param {string} file
 * @param {readonly string[]} args
 * @param {object} options
 * @param {string} options.cwd
 * @param {number} options.minutes deadline
 * @param {NodeJS.ProcessEnv} [options.env]
 * @param {(text: string) => void} [options.onStdout] receives its stdout; by default it goes to ours
 * @returns {Promise<{ code: number | null, problem: string | undefined }>} never rejects
 */
export function runGroup(file, args, { cwd, minutes, env = process.env, onStdout }) {
  return new Promise((resolve) => {
    /** @type {string | undefined} */
    let problem
    const child = spawn(file, args, {
      cwd,
      env,
      detached: process.platform !== 'win32',
      stdio: ['ignore', onStdout === undefined ? 'inherit' : 'pipe', 'inherit'],
    })
    const killGroup = () => {
      if (child.pid === undefined) return
      try {
        process.kill(process.platform === 'win32' ? child.pid : -child.pid, 'SIGKILL')
      } catch {
        // It has already ended.
      }
    }
    const timer = setTimeout(() => {
      problem = `no end after ${minutes} minutes`
      killGroup()
    }, minutes * 60_000)
    const interrupted = (/** @type {NodeJS.Signals} */ signal) => {
      killGroup()
      process.exit(signal === 'SIGINT' ? 130 : 143)
    }
    process.on('exit', killGroup)
    process.on('SIGINT', interrupted)
    process.on('SIGTERM', interrupted)
    child.stdout?.setEncoding('utf8').on('data', (text) => onStdout?.(text))
    const finish = (/** @type {number | null} */ code) => {
      clearTimeout(timer)
      process.removeListener('exit', killGroup)
      process.removeListener('SIGINT', interrupted)
      process.removeListener('SIGTERM', interrupted)
      resolve({ code, problem })
    }
    child.on('error', (error) => {
      problem = error.message
      finish(null)
    })
    child.on('close', (code, signal) => {
      if (code === null) problem ??= `killed by ${signal}`
      finish(code)
    })
  })
}
