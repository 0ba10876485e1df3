import { num, wrap } from '../../lib/tables/index.ts'
import type { Findings, FormatFinding, MetricsFinding, Stream } from './types.ts'

type Mark = '✓' | '!' | '✗'
type Line = readonly [mark: Mark, what: string, text: string]

/** Columns of the screen, and of what stands before each text. */
const WIDTH = 100
const BEFORE = 18
/** Later than this, chunks of a fast server are handled together. */
const BUSY_MS = 3
/** At most so many model names are shown. */
const SHOWN_MODELS = 4

export type Good = Extract<FormatFinding, { ok: true }>

/** The wire format to test with: the first that works. */
export function firstGood({ formats }: Findings): Good | undefined {
  return formats.find((format): format is Good => format.ok)
}

/** One screen about a server that answers; `good` is the format that a test would use. */
export function screen(found: Findings, good: Good): string {
  const { facts } = good
  const lines: Line[] = [
    modelsLine(found),
    formatsLine(found),
    streamLine(found.stream),
    countsLine(found, good),
    facts.holdsLength
      ? ['✓', 'lengths', 'held: it takes ignore_eos and min_tokens']
      : [
          '!',
          'lengths',
          'not held: it refuses ignore_eos, so answers end where the model ends them',
        ],
    metricsLine(found.metrics),
  ]
  if (facts.maxCompletionTokens) {
    lines.push(['✓', 'limit', 'as max_completion_tokens, which the client then sends'])
  }
  const shown = lines.map(([mark, what, text]) => {
    const rows = wrap(text, WIDTH - BEFORE).join(`\n${' '.repeat(BEFORE)}`)
    return `${`  ${mark} ${what}`.padEnd(BEFORE)}${rows}\n`
  })
  const server = facts.server === undefined ? '' : ` · ${facts.server}`
  return `${found.baseUrl}${server}\n\n${shown.join('')}`
}

function modelsLine({ models }: Findings): Line {
  if (!models.ok) return ['!', 'models', `not listed (it ${models.message}); name one with --model`]
  const shown = models.models.slice(0, SHOWN_MODELS).join(', ')
  const more = models.models.length - SHOWN_MODELS
  return ['✓', 'models', more > 0 ? `${shown} and ${more} more` : shown]
}

function formatsLine({ formats }: Findings): Line {
  const names = (ok: boolean) =>
    formats.filter((format) => format.ok === ok).map((format) => format.api)
  const others = names(false)
  const not = others.length === 0 ? '' : ` · not ${others.join(', ')}`
  return ['✓', 'wire formats', `${names(true).join(', ')}${not}`]
}

function streamLine(stream: Stream | undefined): Line {
  if (stream === undefined) {
    return ['!', 'streaming', 'no answer streamed: TTFT, TPOT and ITL have no value']
  }
  const { ttftMs, gapMs, chunks, tokens, bunches, lagMs } = stream
  const first = `first token after ${num(ttftMs)} ms`
  const size = `${tokens} tokens in ${chunks} chunks`
  if (bunches !== undefined) {
    const what = `${size} came in ${bunches} bunch${bunches === 1 ? '' : 'es'}`
    const why =
      lagMs >= BUSY_MS
        ? `this machine was busy (timers ${num(lagMs)} ms late), so look again when it is not`
        : 'a proxy that buffers? TTFT and ITL are not those of the server'
    return ['!', 'streaming', `${what}: ${why}`]
  }
  const then = gapMs === undefined ? '' : `, then a chunk every ${num(gapMs)} ms`
  return ['✓', 'streaming', `chunk by chunk; in one answer ${first}${then} (${size})`]
}

function countsLine({ stream }: Findings, { facts }: Good): Line {
  if (facts.reportsUsage !== true) {
    const text =
      stream === undefined
        ? 'the server reports no usage'
        : 'by chunks, an estimate: the server reports no usage'
    return ['!', 'token counts', text]
  }
  const cached = facts.reportsCachedTokens === true ? ', cached tokens too' : ''
  return ['✓', 'token counts', `the server's own (usage)${cached}`]
}

const WORDS: Readonly<Record<MetricsFinding['figures'][number], string>> = {
  running: 'running',
  waiting: 'waiting',
  kvCacheUsage: 'KV cache',
  preemptions: 'preemptions',
  prefixHits: 'prefix hits',
  prefixQueries: 'prefix queries',
  gpuUtilisation: 'GPU utilisation',
  gpuMemoryUsed: 'GPU memory',
  gpuPower: 'GPU power',
  gpuEnergy: 'GPU energy',
}

function metricsLine({ url, engines, figures }: MetricsFinding): Line {
  if (figures.length === 0) {
    return ['!', 'metrics', `none at ${url}; METRICS_URL names another address`]
  }
  const shown = figures.map((figure) => WORDS[figure]).join(', ')
  return ['✓', 'metrics', `${url} (${engines.join(', ')}): ${shown}`]
}

/** What is wrong with a server that answers in no wire format: of the problems, that of the first format. */
export function problemOf({ baseUrl, models, formats }: Findings): string {
  if (!models.ok && models.type === 'cannot_connect') return `${baseUrl} ${models.message}`
  const [first] = formats
  return first === undefined || first.ok ? '' : first.problem.message
}

/** The command for a first test of this server. */
export function nextCommand({ baseUrl }: Findings, { api }: Good): string {
  if (api === 'embeddings') return `npx k6-inference run embeddings --url ${baseUrl} --rate 2`
  const format = api === 'chat' ? '' : ` --api ${api}`
  return `npx k6-inference run chat-steady --url ${baseUrl}${format} --rate 2`
}
