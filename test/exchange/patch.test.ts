import { expect, it } from 'vitest'
import { patched } from '../../lib/exchange/patch.ts'

// The examples of RFC 7396, appendix A, whose patch is an object.
it.each([
  ['{"a":"b"}', { a: 'c' }, '{"a":"c"}'],
  ['{"a":"b"}', { b: 'c' }, '{"a":"b","b":"c"}'],
  ['{"a":"b"}', { a: null }, '{}'],
  ['{"a":"b","b":"c"}', { a: null }, '{"b":"c"}'],
  ['{"a":["b"]}', { a: 'c' }, '{"a":"c"}'],
  ['{"a":"c"}', { a: ['b'] }, '{"a":["b"]}'],
  ['{"a":{"b":"c"}}', { a: { b: 'd', c: null } }, '{"a":{"b":"d"}}'],
  ['{"a":[{"b":"c"}]}', { a: [1] }, '{"a":[1]}'],
  ['{"e":null}', { a: 1 }, '{"e":null,"a":1}'],
  ['{}', { a: { bb: { ccc: null } } }, '{"a":{"bb":{}}}'],
])('%s with %j is %s', (body, patch, expected) => {
  expect(patched(body, patch)).toBe(expected)
})

it('a field named __proto__ is a field', () => {
  const patch = JSON.parse('{"__proto__":{"a":1}}') as Record<string, unknown>
  expect(patched('{"b":2}', patch)).toBe('{"b":2,"__proto__":{"a":1}}')
})
