import { spawn } from 'node:child_process'

export interface K6Run {
  k6: string
  script: string
  /** Existing folder; absolute. */
  folder: string
  variables: Readonly<Record<string, string>>
  extra: readonly string[]
  /** Whether k6 makes a summary; without one the records are all that it leaves. */
  summary: boolean
  /** A value on the environment is not to be seen in the list of processes. */
  env?: NodeJS.ProcessEnv
}

/** k6's arguments: results and records go to the folder. */
export function k6Arguments(run: Omit<K6Run, 'k6'>): string[] {
  const { script, folder, variables, extra, summary } = run
  const all: Record<string, string> = { RECORDS: 'on', ...variables, RESULTS: folder }
  if (!summary && all['RECORDS'] === 'off') all['RECORDS'] = 'on'
  const records =
    all['RECORDS'] === 'off'
      ? []
      : ['--log-format', 'raw', '--console-output', `${folder}/requests.jsonl`]
  const env = Object.entries(all).flatMap(([name, value]) => ['-e', `${name}=${value}`])
  return ['run', ...records, ...env, ...extra, script]
}

/**
 * Runs k6 with the terminal as its own.
 * @returns k6's exit code; 130 and the like when a signal ended it
 */
export function runK6(run: K6Run): Promise<{ code: number; interrupted: boolean }> {
  return new Promise((resolve, reject) => {
    const child = spawn(run.k6, k6Arguments(run), {
      stdio: 'inherit',
      // By the environment, where the script sees it too and need not warn.
      env: { ...process.env, ...run.env, ...(!run.summary && { K6_SUMMARY_MODE: 'disabled' }) },
    })
    let interrupted = false
    // The terminal sends Ctrl-C to both: k6 ends its run and writes its summary, and we wait.
    const onInterrupt = () => {
      interrupted = true
    }
    const onTerminate = () => {
      interrupted = true
      child.kill('SIGTERM')
    }
    process.on('SIGINT', onInterrupt)
    process.on('SIGTERM', onTerminate)
    const done = () => {
      process.off('SIGINT', onInterrupt)
      process.off('SIGTERM', onTerminate)
    }
    child.on('error', (error) => {
      done()
      reject(error)
    })
    child.on('close', (code, signal) => {
      done()
      resolve({ code: code ?? (signal === 'SIGINT' ? 130 : 143), interrupted })
    })
  })
}
