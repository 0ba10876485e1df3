import { expect, test } from 'vitest'
import { encodeHead, withBody } from '../../lib/http/index.ts'
import type { RequestHead } from '../../lib/http/index.ts'

const request: RequestHead = {
  method: 'POST',
  path: '/v1/x',
  host: 'h:8000',
  headers: {},
}
const encode = (change: Partial<RequestHead>) =>
  withBody(encodeHead({ ...request, ...change }), '{"a":"é"}')

test('head and body in one, content-length in bytes, no compression asked for', () => {
  expect(encode({ headers: { 'Content-Type': 'application/json' } })).toBe(
    'POST /v1/x HTTP/1.1\r\nhost: h:8000\r\nuser-agent: k6-inference\r\naccept: */*\r\n' +
      'accept-encoding: identity\r\nconnection: keep-alive\r\ncontent-type: application/json\r\n' +
      'content-length: 10\r\n\r\n{"a":"é"}',
  )
})

test('given headers win, but not over length and framing', () => {
  const text = encode({
    headers: { Host: 'other', 'Content-Length': '1', 'Transfer-Encoding': 'chunked' },
  })
  expect(text).toContain('host: other\r\n')
  expect(text).not.toContain('h:8000')
  expect(text).not.toContain('chunked')
  expect(text.match(/content-length: /g)).toHaveLength(1)
})

test.each<[string, Partial<RequestHead>]>([
  ['line break in a value', { headers: { authorization: 'Bearer secret\r\nx: y' } }],
  ['bad header name', { headers: { 'a b': 'c' } }],
  ['path without slash', { path: 'v1' }],
  ['space in the path', { path: '/v1 x' }],
])('refused, without telling the value: %s', (_, change) => {
  expect(() => encode(change)).toThrow()
  try {
    encode(change)
  } catch (error) {
    expect(String(error)).not.toContain('secret')
  }
})
