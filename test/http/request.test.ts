import { expect, test } from 'vitest'
import { encodeRequest } from '../../lib/http/index.ts'
import type { RequestHead } from '../../lib/http/index.ts'

const request: RequestHead = {
  method: 'POST',
  path: '/v1/x',
  host: 'h:8000',
  headers: {},
  body: '{"a":"é"}',
}

test('head and body in one, content-length in bytes, no compression asked for', () => {
  expect(encodeRequest({ ...request, headers: { 'Content-Type': 'application/json' } })).toBe(
    'POST /v1/x HTTP/1.1\r\nhost: h:8000\r\nuser-agent: k6-inference\r\naccept: */*\r\n' +
      'accept-encoding: identity\r\nconnection: keep-alive\r\ncontent-type: application/json\r\n' +
      'content-length: 10\r\n\r\n{"a":"é"}',
  )
})

test('given headers win, but not over length and framing', () => {
  const text = encodeRequest({
    ...request,
    headers: { Host: 'other', 'Content-Length': '1', 'Transfer-Encoding': 'chunked' },
  })
  expect(text).toContain('host: other\r\n')
  expect(text).not.toContain('h:8000')
  expect(text).not.toContain('chunked')
  expect(text.match(/content-length: /g)).toHaveLength(1)
})

test('GET has no length', () => {
  expect(encodeRequest({ ...request, method: 'GET', body: '' })).not.toContain('content-length')
})

test.each<[string, Partial<RequestHead>]>([
  ['line break in a value', { headers: { authorization: 'Bearer secret\r\nx: y' } }],
  ['bad header name', { headers: { 'a b': 'c' } }],
  ['path without slash', { path: 'v1' }],
  ['space in the path', { path: '/v1 x' }],
])('refused, without telling the value: %s', (_, change) => {
  expect(() => encodeRequest({ ...request, ...change })).toThrow()
  try {
    encodeRequest({ ...request, ...change })
  } catch (error) {
    expect(String(error)).not.toContain('secret')
  }
})
