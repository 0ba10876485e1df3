import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { InputError } from '../command.ts'

/** `inherit`: to the terminal of this program; `keep`: handed back; `ignore`: nowhere. */
type Output = 'inherit' | 'keep' | 'ignore'

export interface K6Process {
  /** Path of k6. */
  k6: string
  args: readonly string[]
  /** The whole environment: k6 hands all of it to the script. */
  env: NodeJS.ProcessEnv
  cwd?: string | undefined
  stdout?: Output
  stderr?: Output
  /** Killed when it takes longer, ms. */
  timeoutMs?: number | undefined
}

export interface K6Ended {
  /** k6's exit code; 128 and the signal's number when a signal ended it, as shells say it. */
  code: number
  /** The first signal that this program got meanwhile. */
  interrupted: NodeJS.Signals | undefined
  timedOut: boolean
  /** What was kept; the last part of more than 64 Mi characters. */
  stdout: string
  stderr: string
}

const MOST_KEPT = 64 * 1024 * 1024
/** Ctrl-C reaches this program twice where npm starts it: from the terminal and from npm. */
const SAME_SIGNAL_MS = 500
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs k6 to its end.
 *
 * k6 has a process group of its own, and gets signals from here only: it takes a second one for "at
 * once, without a summary", and a terminal sends Ctrl-C to a whole group. So the first one ends the run
 * with its summary, a second one ends k6 at once, a third kills it. The group gets them, not the
 * process: a stock k6 that fetches an extension starts a second k6 and hands no signal on (launcher.go).
 * @throws InputError when it cannot be started
 */
export function runK6(run: K6Process): Promise<K6Ended> {
  const { k6, args, env, cwd, stdout = 'inherit', stderr = 'inherit', timeoutMs } = run
  return new Promise((resolve, reject) => {
    const pipe = (output: Output) => (output === 'keep' ? 'pipe' : output)
    const child = spawn(k6, args, {
      cwd,
      env,
      stdio: ['ignore', pipe(stdout), pipe(stderr)],
      detached: true,
    })
    const kept = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        kept[name] = (kept[name] + text).slice(-MOST_KEPT)
      })

    const send = (signal: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal)
      } catch {
        // It has ended by itself.
      }
    }
    const kill = () => send('SIGKILL')
    let timedOut = false
    const limit =
      timeoutMs === undefined
        ? undefined
        : setTimeout(() => {
            timedOut = true
            kill()
          }, timeoutMs)
    const signals = handOn(send)
    process.once('exit', kill)
    const settle = (then: () => void) => {
      clearTimeout(limit)
      signals.stop()
      process.off('exit', kill)
      then()
    }
    child.on('error', (error) =>
      settle(() => reject(new InputError(`${k6}: cannot be started: ${error.message}`))),
    )
    child.on('close', (code, signal) =>
      settle(() => {
        const ended = code ?? 128 + constants.signals[signal as NodeJS.Signals]
        resolve({ code: ended, interrupted: signals.first(), timedOut, ...kept })
      }),
    )
  })
}

/** Hands signals of this program on, until it is stopped. */
function handOn(send: (signal: NodeJS.Signals) => void) {
  let first: NodeJS.Signals | undefined
  let got = 0
  let lastMs = -Infinity
  const pass = (signal: NodeJS.Signals) => {
    const now = performance.now()
    if (now - lastMs < SAME_SIGNAL_MS) return
    lastMs = now
    first ??= signal
    got++
    // A terminal that is closed should not cost the run its summary: k6 dies of SIGHUP.
    send(got > 2 ? 'SIGKILL' : signal === 'SIGHUP' ? 'SIGTERM' : signal)
  }
  for (const signal of SIGNALS) process.on(signal, pass)
  return {
    first: () => first,
    stop() {
      for (const signal of SIGNALS) process.off(signal, pass)
    },
  }
}
