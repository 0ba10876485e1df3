import { encodeUtf8 } from '../../../lib/http/index.ts'
import { protocols } from '../../../lib/protocols/index.ts'
import type { Protocol, StreamEnd } from '../../../lib/protocols/index.ts'
import { plainAnswer } from '../../../simulator/index.ts'
import type { FormatName, StreamEvent } from '../../../simulator/index.ts'
import { sameReading, waysToCut } from '../cut.ts'
import type { Target } from './types.ts'

const pieces = [
  ...['data: ', '\n\n', '\r\n\r\n', 'event: error\n', ': ping\n\n', 'data: [DONE]\n\n', '[DONE]'],
  ...[
    '"content":""',
    '"text":""',
    '"finish_reason":"abort"',
    '"finish_reason":"error"',
    '"error":{}',
  ],
  ...['"error":{"message":"m"}', '"error":"m"', '"usage":null', '"usage":{"completion_tokens":0}'],
  ...['"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":9}', '"choices":[]', 'null'],
  ...[
    '"delta":{}',
    '"delta":null',
    '"role":"assistant"',
    '"reasoning":"r"',
    '"tool_calls":[{}]',
    '1e999',
  ],
  ...[
    '\\u00e9',
    '\\ud800',
    '\\"',
    '\\\\',
    '\xc3\xa9',
    '\xc3',
    '\xff',
    '{',
    '}',
    '[',
    ']',
    ',',
    '"',
  ],
]

/** The streams of a wire format: the same however they arrive, and by the shortcuts as in full. */
function stream(name: FormatName): Target {
  const protocol = protocols[name]!
  return {
    name,
    weight: 2,
    bytes: true,
    pieces,
    seeds: () =>
      [['Hi', ' all'], ['', ' \u00e9\u4e2d', '"\\\ud83d\ude00'], ['one']].map((words) =>
        bodyOf(name, words),
      ),
    check(input, random) {
      const [whole, cut] = waysToCut(input, random)
      const reading = read(protocol, cut, false)
      sameReading('the shortcut', [reading, read(protocol, cut, true)])
      sameReading('the stream', [reading, read(protocol, whole, false)].map(withoutTimes))
    },
  }
}

/** Whole answers of every wire format. */
export const wholeAnswers: Target = {
  name: 'whole answers',
  weight: 4,
  bytes: false,
  pieces,
  seeds: () => names.map((name) => plainAnswer(name, ['Hi', ' \u00e9']).whole),
  check(input) {
    for (const protocol of Object.values(protocols)) {
      const { usage } = protocol.decodeWhole(input)
      for (const count of Object.values(usage ?? {}))
        if (count !== undefined && !(count >= 0)) throw new Error(`a count of ${count}`)
    }
  },
}

const names = Object.values(protocols)
  .filter(({ streams }) => streams)
  .map(({ name }) => name as FormatName)

/** Every wire format that streams. */
export const streams: readonly Target[] = names.map(stream)

function bodyOf(name: FormatName, words: readonly string[]): string {
  const { framing, opening, tokens, ending } = plainAnswer(name, words)
  const frame = ({ event, data }: StreamEvent) =>
    framing === 'ndjson'
      ? `${data}\n`
      : `${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`
  return encodeUtf8([...opening, ...tokens.flat(), ...ending].map(frame).join(''))
}

interface Reading {
  log: string[]
  end: StreamEnd
}

function read(protocol: Protocol, cut: readonly string[], fullParse: boolean): Reading {
  const log: string[] = []
  const decoder = protocol.createDecoder(
    {
      onTokens: (atMs, kind, tokens) => log.push(`${kind} ${tokens} @${atMs}`),
      onRepeats: ({ timesMs }, kind, tokens) =>
        timesMs.forEach((atMs) => log.push(`${kind} ${tokens} @${atMs}`)),
      onBlank: (atMs, tokens) => log.push(`blank ${tokens} @${atMs}`),
      onError: (message, type) => log.push(`error ${type}: ${message}`),
      onDone: (atMs) => log.push(`done @${atMs}`),
    },
    { collectText: true, fullParse },
  )
  cut.forEach((piece, i) => decoder.feed(`\n\n${piece}\r\n`, 2, 2 + piece.length, i))
  const end = decoder.end()
  for (const count of Object.values(end.usage ?? {}))
    if (count !== undefined && !(count >= 0)) throw new Error(`a count of ${count}`)
  // The shortcut may count JSON escapes as they are written.
  return { log, end: { ...end, payloadBytes: 0, reasoningBytes: 0 } }
}

function withoutTimes({ log, end }: Reading): unknown {
  return {
    log: log.map((line) => line.replace(/ @\d+$/, '')),
    end: { ...end, finishMs: end.finishMs === undefined ? undefined : 0 },
  }
}
