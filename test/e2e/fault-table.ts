import type { ExpectStatic } from 'vitest'
import type { TrendStats } from '../../lib/results/index.ts'
import type { Run } from './harness.ts'

/** The fault strikes every request of the load: this is how each of them ends. */
export const FAILING: readonly (readonly [fault: string, outcome: string, reason: string])[] = [
  ['reset', 'truncated', 'connection_reset'],
  ['cut', 'truncated', 'body_cut'],
  ['truncate', 'truncated', 'no_terminator'],
  ['short-length', 'truncated', 'no_terminator'],
  ['error-event', 'stream_error', 'error_event'],
  ['bad-chunk', 'stream_error', 'bad_http'],
  ['garbage', 'stream_error', 'bad_http'],
  ['html', 'stream_error', 'not_streaming'],
  ['not-streaming', 'stream_error', 'not_streaming'],
  ['429', 'http_error', 'http_429'],
  ['500', 'http_error', 'http_500'],
  ['503', 'http_error', 'http_503'],
  ['stall=0', 'timeout', 'idle_timeout'],
  ['no-answer', 'timeout', 'first_token_timeout'],
  ['early-headers=60000', 'timeout', 'first_token_timeout'],
  ['empty', 'empty', 'empty_answer'],
]

type Check = (expect: ExpectStatic, figures: Figures, run: Run) => void
type Figures = Record<'ttft' | 'ttfb' | 'stall' | 'tpot', TrendStats>

const nothing: Check = () => {}

/** The answer is odd, but whole: a request that counts, with the figures of what happened. */
export const HARMLESS: readonly (readonly [fault: string, check: Check])[] = [
  [
    'slow-headers=400',
    (expect, { ttft, ttfb }) => {
      expect(ttfb.min).toBeGreaterThan(395)
      expect(ttft.min).toBeGreaterThan(395)
    },
  ],
  [
    // Headers and the role chunk at once: what a client that takes the first chunk would report.
    'early-headers=700',
    (expect, { ttft, ttfb }) => {
      expect(ttft.min).toBeGreaterThan(695)
      expect(ttfb.min).toBeLessThan(350)
    },
  ],
  ['stall=500', (expect, { stall }) => expect(stall.max).toBeGreaterThan(400)],
  ['burst=5', (expect, { tpot }) => expect(tpot.count).toBeGreaterThan(0)],
  ['coalesce', nothing],
  ['dribble', nothing],
  ['unicode', nothing],
  ['split-utf8', nothing],
  ['crlf', nothing],
  ['cr', nothing],
  ['no-space', nothing],
  ['comments', nothing],
  ['ping=5', nothing],
  ['bad-json', nothing],
  [
    'no-done',
    (expect, _, { report }) =>
      expect(report?.warnings.map(({ type }) => type)).toContain('no_terminator'),
  ],
  ['dribble,crlf,split-utf8,comments', nothing],
  [
    // It billed three times what it streamed: a time per token would be a third of the true one.
    'hidden-reasoning',
    (expect, { tpot }) => expect(tpot).toMatchObject({ count: 0, p50: null }),
  ],
]
