import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { protocols } from '../../lib/protocols/index.ts'
import { encodeUtf8 } from '../../lib/http/index.ts'
import { faultKinds, startSimulator } from '../../simulator/index.ts'
import type { FaultName, FormatName, Simulator } from '../../simulator/index.ts'
import { decodePieces } from '../support/decode.ts'
import { ask } from './ask.ts'
import type { Seen } from './ask.ts'

// Busy machines are slow; nothing here measures that.
vi.setConfig({ testTimeout: 60_000 })

let sim: Simulator
beforeAll(async () => {
  sim = await startSimulator({ ttftMs: 4, tpotMs: 1 })
})
afterAll(() => sim.close())

const text = ({ answer }: Seen): string => answer.body
/** Events that hold a token, by the client's own decoder. */
const tokens = (format: FormatName, body: string): number =>
  decodePieces(protocols[format]!, [encodeUtf8(body)], { fullParse: true }).log.filter((line) =>
    /^(answer|reasoning)/.test(line),
  ).length
const all = (body: string, pattern: RegExp): string[] =>
  [...body.matchAll(new RegExp(pattern, 'g'))].map(([, value]) => value ?? '')
/** The count of output tokens, by each format's name for it. */
const outputCount =
  /"(?:completion_tokens|output_tokens|generated_tokens|eval_count|tokens_predicted)":("?[\d.]+"?)/
const lastCount = (body: string): string | undefined => all(body, outputCount).at(-1)
const terminal: Partial<Record<FormatName, string>> = {
  chat: '[DONE]',
  completions: '[DONE]',
  sglang: '[DONE]',
  responses: 'response.incomplete',
  anthropic: 'message_stop',
  tgi: '"generated_text":"',
  'ollama-chat': '"done":true',
  'ollama-generate': '"done":true',
  llamacpp: '"stop":true',
}
const isWhole = ({ format, answer }: Seen): boolean =>
  answer.error === undefined && answer.body.includes(terminal[format] ?? '')
const status = (code: number) => (seen: Seen) => {
  expect(seen.answer.status).toBe(code)
  expect(() => JSON.parse(text(seen)) as unknown).not.toThrow()
}
const spoilt = (seen: Seen) => expect(seen.record.outcome).toBe('faulted')
const broken = (seen: Seen) => {
  expect(seen.answer.error ?? 'ended').toBeTruthy()
  expect(seen.record.tokenWrittenMs).toHaveLength(5)
  spoilt(seen)
}
const fails = (words: RegExp) => (seen: Seen) => {
  expect(text(seen)).toMatch(words)
  expect(seen.record.tokenWrittenMs).toHaveLength(5)
  spoilt(seen)
}
const ends = (words: RegExp) => (seen: Seen) => {
  fails(words)(seen)
  expect(isWhole(seen) || seen.format === 'responses' || seen.format === 'chat').toBe(true)
}
const complete = (seen: Seen) => {
  expect(isWhole(seen)).toBe(true)
  expect(seen.record.tokenWrittenMs).toHaveLength(10)
}
const sameTokens = (seen: Seen) => {
  complete(seen)
  expect(tokens(seen.format, text(seen))).toBe(tokens(seen.format, seen.plain.body))
}
const count = (pattern: RegExp) => (seen: Seen) => {
  complete(seen)
  expect(lastCount(text(seen))).toMatch(pattern)
}
/** Shown elsewhere, since an answer alone does not show it. */
const elsewhere = undefined

/** What each fault does to the bytes, in each format that it is for. */
const shows: Record<FaultName, ((seen: Seen) => void) | undefined> = {
  '429': status(429),
  '500': status(500),
  '503': status(503),
  'max-completion-only': (seen) => {
    status(400)(seen)
    expect(text(seen)).toContain("Use 'max_completion_tokens' instead")
  },
  'echo-key': (seen) => {
    status(401)(seen)
    expect(text(seen)).toContain('my-own-key')
    expect(seen.answer.headers['x-key']).toContain('my-own-key')
  },
  'error-bare': (seen) => {
    expect(seen.answer.status).toBe(200)
    expect(JSON.parse(text(seen))).toMatchObject({ error_type: 'validation' })
  },
  html: (seen) => expect(text(seen)).toContain('<!doctype html>'),
  garbage: elsewhere,
  'no-answer': elsewhere,
  'reset-early': elsewhere,
  'reset-reused': elsewhere,
  refuse: elsewhere,

  reset: broken,
  cut: broken,
  truncate: (seen) => {
    broken(seen)
    expect(seen.answer.error).toBeUndefined()
  },
  stall: complete,
  'bad-json': (seen) => {
    expect(text(seen)).toMatch(/\{"choices":\[\{"index":0,\n/)
    expect(seen.record.tokenWrittenMs).toHaveLength(10)
  },
  'bad-chunk': broken,
  'error-event': fails(/"(error|message)":"?.*simulated: the engine died/),
  'error-flat': fails(/event: error\ndata: \{"message":"capacity exceeded"/),
  'error-details': fails(/event: error\ndata: \{"code":500,"details":/),
  'error-choice': ends(/"finish_reason":"error","error":\{"code":502/),
  'finish-abort': fails(/"finish_reason":"abort"|"type":"abort"|response\.cancelled/),
  'finish-error': fails(/"finish_reason":"error"|response\.failed/),
  'finish-filter': fails(/content_filter|"refusal"/),

  'eos-tail': (seen) => {
    complete(seen)
    expect(
      all(text(seen), /("(?:content|text|text_output|response|delta)":"")/).length,
    ).toBeGreaterThanOrEqual(seen.format === 'sglang' ? 0 : 5)
  },
  'eos-silent': (seen) => {
    expect(isWhole(seen)).toBe(true)
    expect(seen.record.tokenWrittenMs).toHaveLength(5)
    expect(seen.record.tokenUnsentMs).toHaveLength(5)
    // What was generated goes on by the timetable, and is billed.
    const last = seen.record.tokenUnsentMs.at(-1)!
    expect(last - seen.record.tokenScheduledMs[0]!).toBeCloseTo(9, 1)
    expect(lastCount(text(seen))).toBe('10')
  },
  empty: (seen) => expect(seen.record.tokenWrittenMs).toEqual([]),
  wrong: elsewhere,
  garbled: (seen) => {
    complete(seen)
    expect(text(seen)).toContain('\ufffd')
  },
  loop: (seen) => {
    complete(seen)
    expect(all(text(seen), /( and so on)/).length).toBeGreaterThanOrEqual(10)
  },
  'broken-json': elsewhere,
  'reasoning-details': (seen) => {
    complete(seen)
    expect(all(text(seen), /(reasoning_details)/)).toHaveLength(5)
  },
  'hidden-reasoning': count(/^30$/),
  'no-usage': (seen) => {
    complete(seen)
    expect(lastCount(text(seen))).toBeUndefined()
  },
  'usage-low': count(/^3$/),
  'usage-zero': (seen) => {
    complete(seen)
    expect(all(text(seen), outputCount).slice(-2)).toEqual(['10', '0'])
  },
  'usage-no-reasoning': (seen) => {
    expect(lastCount(text(seen))).toBe('5')
    expect(text(seen)).toMatch(/"reasoning_tokens":5/)
    const prompt = Number(all(text(seen), /"(?:prompt|input)_tokens":(\d+)/).at(-1))
    expect(Number(all(text(seen), /"total_tokens":(\d+)/).at(-1))).toBe(prompt + 10)
  },
  'usage-total': (seen) => {
    const prompt = all(text(seen), /"(?:prompt|input)_tokens":(\d+)/).at(-1)
    expect(all(text(seen), /"total_tokens":(\d+)/).at(-1)).toBe(prompt)
  },
  'usage-float': count(/^10\.5$/),
  'usage-text': count(/^"10"$/),
  'usage-chunks': (seen) => {
    complete(seen)
    expect(all(text(seen), outputCount)).toEqual(Array.from({ length: 10 }, () => '1'))
  },
  'usage-in-choice': (seen) => expect(text(seen)).toMatch(/"finish_reason":"length","usage":\{/),
  'usage-x-groq': (seen) => expect(text(seen)).toMatch(/"x_groq":\{"id":"req_1","usage":\{/),
  'error-empty': (seen) => {
    sameTokens(seen)
    expect(all(text(seen), /(\{"error":"",)/).length).toBeGreaterThanOrEqual(10)
  },

  burst: (seen) => {
    complete(seen)
    expect(tokens(seen.format, text(seen))).toBeLessThanOrEqual(2)
  },
  coalesce: sameTokens,
  dribble: sameTokens,
  unicode: (seen) => {
    sameTokens(seen)
    expect(text(seen)).toMatch(/[^\0-\x7f]/)
  },
  'split-utf8': (seen) => {
    sameTokens(seen)
    expect(text(seen)).not.toContain('\ufffd')
  },
  crlf: (seen) => {
    sameTokens(seen)
    expect(text(seen).replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  },
  cr: (seen) => {
    sameTokens(seen)
    expect(text(seen)).not.toContain('\n')
  },
  'no-space': (seen) => {
    sameTokens(seen)
    expect(text(seen)).not.toContain('data: ')
  },
  comments: (seen) => {
    sameTokens(seen)
    expect(text(seen)).toContain('retry: 3000')
  },
  ping: (seen) => {
    sameTokens(seen)
    expect(text(seen)).toContain(': ping\n\n')
  },
  'ping-event': (seen) => {
    complete(seen)
    expect(text(seen)).toContain('event: ping\ndata: {"type":"ping"}\n\n')
  },
  'foreign-events': (seen) => {
    complete(seen)
    expect(text(seen)).toMatch(/^event: metadata\n/)
    expect(text(seen)).toContain('event: cost\n')
  },
  'no-done': (seen) => {
    expect(text(seen)).not.toContain(terminal[seen.format])
    expect(seen.record.tokenWrittenMs).toHaveLength(10)
  },
  'done-blank': (seen) => expect(text(seen)).toMatch(/data: \[DONE\] \n\n$/),

  'slow-headers': complete,
  'early-headers': complete,
  'json-type': (seen) => {
    sameTokens(seen)
    expect(seen.answer.headers['content-type']).toBe('application/json')
  },
  'not-streaming': (seen) => {
    expect(seen.answer.headers['content-type']).toBe('application/json')
    expect(protocols[seen.format]!.decodeWhole(text(seen)).text).toBeTruthy()
  },
  buffered: sameTokens,
  'content-length': (seen) => {
    sameTokens(seen)
    const length = Number(seen.answer.headers['content-length'])
    expect(length).toBe(Buffer.byteLength(text(seen)))
  },
  'long-length': (seen) => expect(seen.answer.headers['content-length']).toBe('10000000'),
  'short-length': (seen) => expect(seen.answer.headers['content-length']).toBe('600'),
  'open-after-done': (seen) => {
    complete(seen)
    expect(seen.overMs - seen.record.endMs).toBeGreaterThan(90)
  },
  'close-unsaid': elsewhere,
  'unasked-answer': elsewhere,
}

const asked: Partial<Record<FaultName, string>> = {
  stall: 'stall=20',
  '429': '429',
  'slow-headers': 'slow-headers=20',
  'early-headers': 'early-headers=20',
  // Silence, so that there is time for one.
  'ping-event': 'ping-event=5,stall=60',
  ping: 'ping=5,stall=60',
  'open-after-done': 'open-after-done=100',
}

describe('each fault, in each wire format that it is for', () => {
  const names = Object.keys(faultKinds) as FaultName[]
  it.each(names.filter((name) => shows[name] !== undefined))('%s', async (name) => {
    const formats: readonly FormatName[] = faultKinds[name].formats
    await Promise.all(
      formats.map(async (format) => {
        const { answer: plain } = await ask(sim, format, 'none')
        const seen = await ask(sim, format, asked[name] ?? name)
        try {
          shows[name]!({ ...seen, plain, format })
        } catch (error) {
          throw new Error(`${name}, ${format}: ${(error as Error).message}\n${seen.answer.body}`, {
            cause: error,
          })
        }
      }),
    )
  })
})

it('says which formats a fault is for', async () => {
  const { answer } = await ask(sim, 'triton', 'usage-low')
  expect(answer.status).toBe(400)
  expect(answer.body).toMatch(/usage-low.* is none of triton; accepted for: chat, completions/)
})
