/** What the schedule alone decides about a request, however fast or slow the server is. */
export interface Scheduled {
  dueMs: number
  /** 0 where not known: reading its prompt then delays nobody. */
  inputTokens: number
  outputTokens: number
}

/**
 * A server that gives every request in flight one token per step. A step takes `baseMs` plus
 * `perRequestMs` per request in flight. Reading a prompt delays all of them by `perInputTokenMs` per
 * prompt token (continuous batching as in vLLM and SGLang, to first order).
 */
export interface ServiceModel {
  baseMs: number
  perRequestMs: number
  perInputTokenMs: number
  /** At least 1; requests beyond it wait, first come, first served. */
  mostInFlight: number
}

/** What became of each request of a schedule, in the schedule's order. */
export interface Replayed {
  ttftMs: Float64Array
  lastMs: Float64Array
  /** `baseMs + perRequestMs · inFlight + perInputTokenMs · inputTokens`, exactly. */
  tpotMs: Float64Array
  /** Requests in flight, averaged over this request's tokens after the first. */
  inFlight: Float64Array
  /** Prompt tokens of other requests read meanwhile, per token of this request after the first. */
  inputTokens: Float64Array
}

interface Flying {
  i: number
  /** The request is complete when the server has made this many tokens per request. */
  endsAt: number
  firstMs: number
  load: number
  input: number
}

/** Steps from a request's arrival to its first token: half of the step under way, and a whole one. */
const STEPS_TO_FIRST = 1.5

/**
 * Plays a schedule through a model of the server: processor sharing, prompts first. All requests in
 * flight get their tokens at the same times, so one token count serves as the clock of them all.
 * @param schedule in order of due times; n requests with k in flight take about n · k steps
 */
export function replay(schedule: readonly Scheduled[], model: ServiceModel): Replayed {
  const array = () => new Float64Array(schedule.length)
  const out = {
    ttftMs: array(),
    lastMs: array(),
    tpotMs: array(),
    inFlight: array(),
    inputTokens: array(),
  }
  /** Sorted by their ends, the next to end last. */
  const flying: Flying[] = []
  const waiting: number[] = []
  let admitted = 0
  let nowMs = schedule[0]?.dueMs ?? 0
  let tokens = 0
  let backlogMs = 0
  // Integrals over the tokens made: of the requests in flight, and of the prompt tokens read.
  let load = 0
  let input = 0
  const stepMs = () => model.baseMs + model.perRequestMs * flying.length

  const admit = (i: number) => {
    const { dueMs, inputTokens, outputTokens } = schedule[i] as Scheduled
    backlogMs += model.perInputTokenMs * inputTokens
    input += inputTokens
    const firstMs = nowMs + backlogMs
    const endsAt = tokens + Math.max(0, outputTokens - 1)
    let at = flying.length
    while (at > 0 && (flying[at - 1] as Flying).endsAt < endsAt) at--
    flying.splice(at, 0, { i, endsAt, firstMs, load, input })
    out.ttftMs[i] = firstMs + STEPS_TO_FIRST * stepMs() - dueMs
  }
  const finish = ({ i, firstMs, load: loadThen, input: inputThen }: Flying) => {
    const { dueMs, outputTokens } = schedule[i] as Scheduled
    const made = Math.max(1, outputTokens - 1)
    out.lastMs[i] = dueMs + (out.ttftMs[i] as number) + (nowMs - firstMs)
    out.tpotMs[i] = (nowMs - firstMs) / made
    out.inFlight[i] = (load - loadThen) / made
    out.inputTokens[i] = (input - inputThen) / made
    if (admitted < waiting.length) admit(waiting[admitted++] as number)
  }
  const advance = (toMs: number) => {
    for (let next = flying[flying.length - 1]; next; next = flying[flying.length - 1]) {
      const readMs = Math.min(backlogMs, toMs - nowMs)
      backlogMs -= readMs
      nowMs += readMs
      if (nowMs >= toMs) return
      const wanted = next.endsAt - tokens
      const made = Math.min(wanted, (toMs - nowMs) / stepMs())
      load += made * flying.length
      if (made < wanted) {
        tokens += made
        nowMs = toMs
        return
      }
      tokens = next.endsAt
      nowMs += made * stepMs()
      flying.pop()
      finish(next)
    }
    if (toMs < Infinity) nowMs = toMs
  }

  schedule.forEach(({ dueMs }, i) => {
    advance(dueMs)
    if (flying.length < model.mostInFlight) admit(i)
    else waiting.push(i)
  })
  advance(Infinity)
  return out
}
