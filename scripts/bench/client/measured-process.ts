import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface MeasuredProcess {
  code: number | null
  stdout: string
  stderr: string
  /** User and system time of the program, seconds, to the millisecond. */
  cpuS: number
  wallS: number
  /** Largest resident set, MiB; undefined where there is no /proc. */
  peakMiB: number | undefined
}

/** `time` of bash is getrusage of the children that were waited for: all of the program, to its end. */
const timed = `
TIMEFORMAT='bench-time %3U %3S %3R'
code=0
time { "$@" 2>&3 & echo "bench-pid $!" >&4; wait $!; code=$?; }
exit $code`

/**
 * Runs a program and measures what it used. What it started is stopped with it: on time-out, and
 * when this process ends.
 *
 * @param env the program's whole environment
 * @throws Error when bash cannot be started, or the program has not ended in time
 */
export function runMeasured(
  file: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  timeoutMs: number,
): Promise<MeasuredProcess> {
  return new Promise((resolve, reject) => {
    const texts = ['', '', '', '', '']
    let peakMiB: number | undefined
    const child = spawn('bash', ['-c', timed, 'bench', file, ...args], {
      env,
      // A group of its own, so that the program can be stopped and not only its shell.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
    })
    const stop = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It has ended by itself.
      }
    }
    process.once('exit', stop)
    child.stdio.forEach((stream, i) =>
      stream?.on(
        'data',
        (bytes: Buffer) => (texts[i] = (texts[i] + String(bytes)).slice(-(2 ** 22))),
      ),
    )
    const poll = setInterval(() => {
      const pid = /bench-pid (\d+)/.exec(texts[4] ?? '')?.[1]
      const peak = pid === undefined ? undefined : peakOf(pid)
      if (peak !== undefined) peakMiB = peak
    }, 200)
    const settle = (end: () => void) => {
      clearTimeout(timer)
      clearInterval(poll)
      process.removeListener('exit', stop)
      end()
    }
    const timer = setTimeout(() => {
      stop()
      settle(() => reject(new Error(`${file} has not ended after ${timeoutMs / 1000} s`)))
    }, timeoutMs)
    child.on('error', (error) => settle(() => reject(error)))
    child.on('close', (code) =>
      settle(() => {
        const [, user, system, wall] = /bench-time (\S+) (\S+) (\S+)/.exec(texts[2] ?? '') ?? []
        if (wall === undefined) return reject(new Error(`no times of ${file}: ${texts[2]}`))
        resolve({
          code,
          stdout: texts[1] ?? '',
          stderr: texts[3] ?? '',
          cpuS: Number(user) + Number(system),
          wallS: Number(wall),
          peakMiB,
        })
      }),
    )
  })
}

function peakOf(pid: string): number | undefined {
  try {
    const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kib === undefined ? undefined : Number(kib) / 1024
  } catch {
    return undefined
  }
}
