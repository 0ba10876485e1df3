import { appendFile } from 'node:fs/promises'
import { FRAMED_ENVIRONMENT, summaryApart } from '../../lib/report/index.ts'
import type { Terminal } from '../command.ts'
import { runK6 } from '../k6-process/index.ts'
import type { K6Ended, K6Process } from '../k6-process/index.ts'
import { apiAddress } from './api.ts'
import { k6Log } from './k6-log.ts'
import { showLive } from './live.ts'
import { watchLimits } from './until-decided.ts'

export interface Played extends K6Ended {
  /** Whether it was ended because its limits were decided. */
  decided: boolean
  /** What the script shows as its summary, which a report made here replaces. */
  summary: string
  /** Shows what of k6's log a report replaces, unless there is one. */
  logEnd(reported: boolean): void
}

export interface Play extends Pick<K6Process, 'k6' | 'args' | 'env'> {
  /** Arguments of the user's among them. */
  k6Args: readonly string[]
  /** The records that k6 writes; undefined where it writes none. */
  records: string | undefined
  /** End it once its limits are decided. */
  untilDecided: boolean
}

/**
 * Runs k6 to its end, with a line that tells how it goes on a screen in place of k6's bars. What the script prints
 * comes as it is, but for its summary.
 * @param log takes a line of k6's log, but for what a report says better
 */
export async function play(
  run: Play,
  log: (line: string) => void,
  terminal: Terminal,
): Promise<Played> {
  const { k6, env, records } = run
  const [over, stop] = [new AbortController(), new AbortController()]
  const watch =
    run.untilDecided && records !== undefined
      ? watchLimits(records, (text) => terminal.note(`run: ${text}\n`))
      : undefined
  const watching = watch?.decided(over.signal).then((decided) => {
    if (decided) stop.abort()
  })
  const printed = summaryApart(terminal.out)
  const logged = k6Log(log)
  const { screen } = terminal
  const live = screen !== undefined && records !== undefined
  const { address, args } = live ? await apiAddress(run.k6Args, env) : NO_API
  const endLive = live ? showLive(records, address, screen) : () => {}
  try {
    const ended = await runK6({
      k6,
      args: withOurs(run.args, [...args, ...quietly(run.k6Args, env)]),
      env: { ...env, ...FRAMED_ENVIRONMENT },
      stdout: printed.feed,
      stderr: logged.feed,
      stop: stop.signal,
    })
    over.abort()
    await watching
    const { decided = false, line } = (await watch?.ending()) ?? {}
    if (line !== undefined && records !== undefined) await appendFile(records, `${line}\n`)
    return { ...ended, decided, summary: printed.summary(), logEnd: logged.end }
  } finally {
    over.abort()
    endLive()
  }
}

const NO_API = { address: undefined, args: [] }

/** Before the user's arguments and the script. */
function withOurs([command = '', ...more]: readonly string[], ours: readonly string[]): string[] {
  return [command, ...ours, ...more]
}

/**
 * Without k6's bars and banner. Where results go to a page, its address stands only there: k6 Cloud, the web
 * dashboard.
 */
function quietly(k6Args: readonly string[], env: NodeJS.ProcessEnv): string[] {
  const outputs = [...k6Args, env['K6_OUT'] ?? ''].join(' ')
  return env['K6_WEB_DASHBOARD'] === 'true' || /\b(cloud|web-dashboard)\b/.test(outputs)
    ? []
    : ['--quiet']
}
