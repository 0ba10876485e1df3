import { expect, test } from 'vitest'
import type { Page } from '../../lib/exchange/index.ts'
import { pickModel, readModelList } from '../../lib/preflight/index.ts'

const asked = { baseUrl: 'http://127.0.0.1:8000/v1', hasKey: false }
const page = (status = 200, refusal = '', headers = {}): Page => ({
  ok: true,
  status,
  headers,
  refusal,
})
const text = (words: string) => words.replace('sk-secret', '***')
const redact = { line: text, text }
const pick = (given: Page, body = '', options = asked) =>
  pickModel(readModelList(given, body, redact), options)

test.each([
  ['{"object":"list","data":[{"id":"a"},{"id":"b"}]}', 'a'],
  ['[{"id":"a"}]', 'a'],
  ['{"data":[{"id":42},{"id":null},{},null,{"id":{"x":1}},{"id":"b"}]}', 'b'],
  ['{"data":[{"id":"unknown"},{"id":"real"}]}', 'real'],
])('the first model with a name is asked for: %s', (body, model) => {
  expect(pick(page(), body)).toEqual({ model })
})

test.each<[string, Page, string, string, RegExp]>([
  [
    'a missing key',
    page(401, '{"error":{"message":"no key"}}'),
    '',
    'unauthorized',
    /: no key: .*set API_KEY/,
  ],
  [
    'a backend that is down',
    page(502, '{"error":"sk-secret: no backend"}'),
    '',
    'server_error',
    /HTTP 502: \*\*\*: no backend$/,
  ],
  ['an overload', page(429, 'slow down'), '', 'server_error', /HTTP 429: slow down$/],
  [
    'no such path',
    page(404, '{"detail":"Not Found"}'),
    '',
    'no_model',
    /404: Not Found; set MODEL/,
  ],
  [
    'a redirect',
    page(307, '', { location: 'https://x/' }),
    '',
    'no_model',
    /to https:\/\/x\/.*not followed/,
  ],
  [
    'a web page',
    page(),
    '<!doctype html><title>Sign in</title>',
    'path_not_found',
    /web page \(Sign in\)/,
  ],
  ['no JSON', page(), 'hello', 'no_model', /no list of models \(it begins with "hello"\)/],
  ['deep JSON', page(), '['.repeat(2_000_000), 'no_model', /no list of models/],
  ['an empty list', page(), '{"data":[]}', 'no_model', /lists no model/],
  ['ids that are no text', page(), '{"data":[{"id":7}]}', 'no_model', /without an id that is text/],
  [
    "a router's placeholder",
    page(),
    '{"data":[{"id":"unknown"}]}',
    'no_model',
    /only "unknown".*router/,
  ],
  [
    'nobody',
    { ok: false, reason: 'connect_refused', message: 'x' },
    '',
    'cannot_connect',
    /is the server running/,
  ],
  [
    'silence',
    { ok: false, reason: 'timeout', message: 'no whole answer within 10000 ms' },
    '',
    'timeout',
    /10000 ms/,
  ],
  [
    'an endless list',
    { ok: false, reason: 'too_large', message: 'body is longer than 4 bytes' },
    '',
    'no_model',
    /too long.*set MODEL/,
  ],
])('without MODEL, %s is told in its own words', (_, given, body, type, words) => {
  const picked = pick(given, body)
  expect(picked).toMatchObject({ problem: { type } })
  expect('problem' in picked && picked.problem.message).toMatch(words)
  expect('problem' in picked && picked.problem.message).toMatch(
    /^MODEL is not set, and http:\/\/127\.0\.0\.1:8000\/v1\/models /,
  )
})

test('a key that was refused is not asked for', () => {
  const picked = pick(page(403), '', { ...asked, hasKey: true })
  expect('problem' in picked && picked.problem.message).toMatch(/the API_KEY given was refused$/)
})
