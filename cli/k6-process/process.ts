import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { InputError } from '../command.ts'
import { withMemory } from './environment.ts'

/**
 * `inherit`: to this program's terminal; `keep`: returned to the caller; `ignore`: discarded; a function gets it piece
 * by piece.
 */
type Output = 'inherit' | 'keep' | 'ignore' | ((text: string) => void)

export interface K6Process {
  /** Path of k6. */
  k6: string
  args: readonly string[]
  /** The whole environment; k6 passes all of it to the script. */
  env: NodeJS.ProcessEnv
  cwd?: string | undefined
  stdout?: Output
  stderr?: Output
  /** k6 is killed when it takes longer, ms. */
  timeoutMs?: number | undefined
  /** Ends the run as Ctrl-C would, once. */
  stop?: AbortSignal | undefined
}

export interface K6Ended {
  /** k6's exit code; 128 + the signal's number when a signal ended it, as in shells. */
  code: number
  /** The first signal that this program received meanwhile. */
  interrupted: NodeJS.Signals | undefined
  timedOut: boolean
  /** The kept output; only the last 64 Mi characters of it. */
  stdout: string
  stderr: string
}

const MOST_KEPT = 64 * 1024 * 1024
/** Under npm, Ctrl-C reaches this program twice: from the terminal and from npm. */
const SAME_SIGNAL_MS = 500
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Runs k6 to its end.
 *
 * k6 runs in its own process group and gets signals only from here. It takes a second signal as "stop
 * at once, without a summary", and a terminal sends Ctrl-C to the whole group. So the first signal ends
 * the run with its summary, the second ends k6 at once, the third kills it. Signals go to the group, not
 * the process: a stock k6 that fetches an extension starts a second k6 and forwards no signals to it
 * (launcher.go).
 * @throws InputError when k6 cannot be started
 */
export function runK6(run: K6Process): Promise<K6Ended> {
  const { k6, args, env, cwd, stdout = 'inherit', stderr = 'inherit', timeoutMs, stop } = run
  return new Promise((resolve, reject) => {
    const pipe = (output: Output) =>
      output === 'keep' || typeof output === 'function' ? 'pipe' : output
    const child = spawn(k6, args, {
      cwd,
      // From where scripts look for files: not every shell sets it.
      env: { ...withMemory(env), PWD: cwd ?? process.cwd() },
      stdio: ['ignore', pipe(stdout), pipe(stderr)],
      detached: true,
    })
    const outputs = { stdout, stderr }
    const kept = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const)
      child[name]?.setEncoding('utf8').on('data', (text: string) => {
        const output = outputs[name]
        if (typeof output === 'function') output(text)
        else kept[name] = (kept[name] + text).slice(-MOST_KEPT)
      })

    const send = (signal: NodeJS.Signals) => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, signal)
      } catch {
        // It has already ended.
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
    const interrupt = () => send('SIGINT')
    stop?.addEventListener('abort', interrupt, { once: true })
    const signals = handOn(send)
    process.once('exit', kill)
    const settle = (then: () => void) => {
      clearTimeout(limit)
      stop?.removeEventListener('abort', interrupt)
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

/** Forwards this program's signals until stopped. */
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
    // k6 dies of SIGHUP; a closed terminal should not cost the run its summary.
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
