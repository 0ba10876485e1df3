import type { ExchangeResult } from '../exchange/index.ts'

/** Requests in vain before a server counts as down: where one in five fails, that is one run in 125. */
const TRIES = 3

/**
 * Asks again where a failure may be that of one answer: how often a server fails is for the load to find out, and no
 * reason not to begin it.
 */
export interface Again {
  /** @returns the first answer that did not fail by chance, or the last one */
  ask(attempt: () => Promise<ExchangeResult>): Promise<ExchangeResult>
  /** A sentence on what failed before it went well; undefined where nothing did. */
  warning(): string | undefined
}

/** What failed is kept, for {@link Again.warning}. */
export function createAgain(): Again {
  let asked = 0
  const failed: ExchangeResult[] = []

  return {
    async ask(attempt) {
      for (let tries = 1; ; tries++) {
        const result = await attempt()
        asked++
        if (!mayPass(result)) return result
        failed.push(result)
        if (tries === TRIES) return result
      }
    },
    warning() {
      const last = failed.at(-1)
      if (last === undefined) return undefined
      const said = last.message === undefined ? '' : `: ${last.message}`
      return `the server failed ${failed.length} of the ${asked} requests before the load (${last.reason}${said})`
    },
  }
}

/** Whether the next request may fare better: a time-out took its time, and a refusal is about the request. */
function mayPass({ reason, httpStatus = 0 }: ExchangeResult): boolean {
  return httpStatus >= 500 || httpStatus === 429 || PASSING.has(reason)
}

/** What may happen to one answer: lost on the way, or given up by the server. */
const PASSING: ReadonlySet<string> = new Set([
  'connection_reset',
  'closed_before_answer',
  'body_cut',
  'no_terminator',
  'finish_abort',
  'finish_error',
  'content_filter',
  'error_event',
  'empty_answer',
])
