import { encodeUtf8 } from '../../lib/http/index.ts'
import type { Config } from '../../lib/config/index.ts'
import type { ExchangeResult, Transport } from '../../lib/exchange/index.ts'
import type { JudgePrompt, JudgeTokens } from '../../lib/judge/index.ts'
import { NO_TOKENS } from '../../lib/judge/index.ts'
import { createRedactor } from '../../lib/safe-text/index.ts'
import { askIn, headersOf } from '../ask/index.ts'

/** What came of one request to the judge. */
export interface Said {
  kind: 'reply' | 'busy' | 'timeout' | 'error'
  /** Of a reply: the text as it came, of any content. */
  text: string
  /** Why the server ended it, as a kind. */
  finish: string | undefined
  /** Short word on why there is no reply, and the server's own words. */
  problem: string
  message: string | undefined
  /** Of `busy`: how long the server wants to be left alone, ms. */
  retryAfterMs: number | undefined
  /** Whether no other request would fare better. */
  hopeless: boolean
  tokens: JudgeTokens
  /** Whether it may be charged for tokens that the server did not tell. */
  uncounted: boolean
}

export interface JudgeServer {
  /** Never rejects. */
  ask(prompt: JudgePrompt): Promise<Said>
  /** The most tokens that a request can use. */
  most(prompt: JudgePrompt): JudgeTokens
  /** Masks secrets in what the judge says. */
  redact(text: string): string
}

/** Templates put some tokens around messages. */
const AROUND = 100

const BUSY = [429, 503, 529]
/** The key, the address or the name of the model is wrong. */
const HOPELESS = [401, 403, 404]

/**
 * The judge's server: requests over sockets of their own, answered whole, of which no more than 16 MiB is held, and which
 * end with the configuration's deadlines whatever the server does. No redirect is followed.
 */
export function createJudgeServer(
  transport: Transport,
  config: Config,
  { model, maxTokens }: { model: string; maxTokens: number },
): JudgeServer {
  const ask = askIn(transport, config)
  const redact = createRedactor(headersOf(config))
  let maxCompletionTokens = false

  async function send({ system, user }: JudgePrompt): Promise<ExchangeResult> {
    const messages = [
      { role: 'system' as const, content: system },
      { role: 'user' as const, content: user },
    ]
    const request = { messages, maxTokens, temperature: 0 }
    const encode = { model, stream: false, includeUsage: false, maxCompletionTokens }
    return ask.attempt(request, encode, Infinity, true)
  }

  return {
    redact: redact.text,
    async ask(prompt) {
      const result = await send(prompt)
      const said = saidIn(result)
      if (!wantsOtherName(result) || maxCompletionTokens) return said
      maxCompletionTokens = true
      // What was refused is free, and the next request will be right.
      return { ...said, kind: 'busy', retryAfterMs: 0 }
    },
    // A token is at least a byte of UTF-8.
    most: ({ system, user }) => ({
      ...NO_TOKENS,
      input: encodeUtf8(system).length + encodeUtf8(user).length + AROUND,
      output: maxTokens,
    }),
  }
}

/** OpenAI's reasoning models know the limit of tokens by another name. */
function wantsOtherName({ httpStatus, message }: ExchangeResult): boolean {
  return httpStatus === 400 && /max_completion_tokens/.test(message ?? '')
}

function saidIn(result: ExchangeResult): Said {
  const { outcome, reason, message, httpStatus = 0, usage, marks, retryAfterS } = result
  const [input, output] = [tokensIn(usage?.input), tokensIn(usage?.output)]
  const counted = input !== undefined && output !== undefined
  return {
    kind: kindOf(result),
    text: result.text ?? '',
    finish: result.finish,
    problem: reason === '' ? outcome : reason,
    message,
    retryAfterMs: retryAfterS === undefined ? undefined : retryAfterS * 1000,
    hopeless: outcome === 'aborted' || HOPELESS.includes(httpStatus),
    tokens: counted
      ? { input, cached: Math.min(input, tokensIn(usage?.cached) ?? 0), output }
      : NO_TOKENS,
    uncounted: !counted && mayBeCharged(outcome) && marks.sentMs !== undefined,
  }
}

/** More than any request has; beyond it a count is none. */
const MOST_TOKENS = 1e9

function tokensIn(given: number | undefined): number | undefined {
  const sound = given !== undefined && Number.isInteger(given) && given >= 0 && given <= MOST_TOKENS
  return sound ? given : undefined
}

function kindOf({ outcome, reason, httpStatus = 0 }: ExchangeResult): Said['kind'] {
  // Without text, or cut by policy, it is a reply in no format.
  if (outcome === 'completed' || outcome === 'empty' || reason === 'content_filter') return 'reply'
  if (outcome === 'timeout') return 'timeout'
  return BUSY.includes(httpStatus) ? 'busy' : 'error'
}

function mayBeCharged(outcome: ExchangeResult['outcome']): boolean {
  return outcome !== 'http_error' && outcome !== 'connect_error'
}
