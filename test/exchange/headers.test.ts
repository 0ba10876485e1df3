import { describe, expect, test } from 'vitest'
import { joinPath } from '../../lib/exchange/index.ts'
import { createRedactor } from '../../lib/safe-text/index.ts'
import { headersThatMatter, retryAfterS } from '../../lib/exchange/headers.ts'

describe('retry-after', () => {
  const date = 'Sun, 06 Nov 1994 08:49:37 GMT'
  test.each<[string, Record<string, string>, number | undefined]>([
    ['seconds', { 'retry-after': '120' }, 120],
    ['zero', { 'retry-after': '0' }, 0],
    ['a fraction, as some gateways write it', { 'retry-after': '1.5' }, 1.5],
    [
      "a date, against the answer's own",
      { 'retry-after': 'Sun, 06 Nov 1994 08:50:07 GMT', date },
      30,
    ],
    ['a date in the past', { 'retry-after': 'Sun, 06 Nov 1994 08:49:07 GMT', date }, 0],
    ['a date without one to compare', { 'retry-after': date }, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['negative', { 'retry-after': '-1' }, undefined],
    ['none', {}, undefined],
  ])('%s', (_, headers, expected) => {
    expect(retryAfterS(headers)).toBe(expected)
  })
})

test('only headers that help a reader are kept, bounded', () => {
  const kept = headersThatMatter(
    {
      'x-request-id': 'r'.repeat(1000),
      'set-cookie': 'session=secret',
      server: 'uvicorn',
      via: 'for very-secret-key',
      date: 'now',
    },
    createRedactor({ authorization: 'Bearer very-secret-key' }),
  )
  expect(kept).toEqual({
    'x-request-id': `${'r'.repeat(199)}…`,
    server: 'uvicorn',
    via: 'for ***',
  })
})

test.each([
  ['/v1', '/chat/completions', false, '/v1/chat/completions'],
  ['', '/chat/completions', false, '/chat/completions'],
  ['/', '/chat/completions', false, '/chat/completions'],
  ['/openai/v1/', '/chat/completions', false, '/openai/v1/chat/completions'],
  ['/v1', '/api/chat', true, '/api/chat'],
  ['/ollama/v1', '/api/chat', true, '/ollama/api/chat'],
  ['/gateway', '/generate', true, '/gateway/generate'],
])('base path %j and %j (native: %j) make %j', (base, path, native, whole) => {
  expect(joinPath(base, path, native)).toBe(whole)
})
