import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { createRedactor } from '../../lib/safe-text/index.ts'
import { spelled, WINDOW } from '../support/secrets.ts'

const KEY = 'sq-Live_4f9K2mZ8xQ71vB3nR6tY0wLp+/=='
const redactor = createRedactor({
  authorization: `Bearer ${KEY}`,
  'x-tenant': 'Acme-Internal-Tenant',
  'x-priority': 'low',
  'x-pin': 'a1b2',
  'x-token': 'a1b2',
  accept: 'application/json; q=0.9',
})

/** Whether any twelve characters of the key, in any spelling, stand in a text. */
function shows(text: string): string | undefined {
  const lower = text.toLowerCase()
  return spelled(KEY).find((spelling) => lower.includes(spelling.toLowerCase()))
}

describe('a secret', () => {
  it.each(spelled(KEY))('is found as %j', (spelling) => {
    for (const text of [spelling, `got <${spelling}>, refused`, `a${spelling}z`, `"${spelling}"`]) {
      expect(shows(redactor.text(text))).toBeUndefined()
      expect(shows(redactor.line(text))).toBeUndefined()
    }
  })

  it('is found wherever base64 begins within other text', () => {
    for (const before of ['', 'u', 'us', 'user:', 'Bearer ', '{"key":"']) {
      const text = `x ${Buffer.from(before + KEY + '"}').toString('base64')} y`
      expect(redactor.text(text)).toMatch(/^x .{0,12}\*\*\*.{0,8} y$/)
    }
  })

  it('is found cut at both ends, in either case', () => {
    for (let at = 0; at + WINDOW <= KEY.length; at++) {
      const piece = KEY.slice(at, at + WINDOW)
      for (const text of [piece, piece.toUpperCase(), piece.toLowerCase()])
        expect(redactor.text(`<${text}>`)).toBe('<***>')
    }
  })

  it('leaves no trace in any text around it', () => {
    const part = fc.tuple(
      fc.string({ unit: 'grapheme', maxLength: 30 }),
      fc.constantFrom(...spelled(KEY)),
      fc.string({ unit: 'grapheme', maxLength: 30 }),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
        const text = parts.flat().join('')
        expect(shows(redactor.text(text))).toBeUndefined()
        expect(shows(redactor.line(text))).toBeUndefined()
      }),
    )
  })

  it('is every value of HEADERS that is no ordinary word', () => {
    expect(redactor.line('tenant ACME-internal-tenant has a1b2, low')).toBe(
      'tenant *** has ***, low',
    )
    expect(redactor.line('ba1b2 is below, as application/json;')).toBe(
      'ba1b2 is below, as application/json;',
    )
  })

  it('of basic authentication is the password, too', () => {
    const value = Buffer.from('anna:hunter2hunter2').toString('base64')
    const { line } = createRedactor({ authorization: `Basic ${value}` })
    expect(line(`no ${value} and no hunter2hunter2 and no Hunter2Hunter2!`)).toBe(
      'no *** and no *** and no ***!',
    )
  })
})

test('text without a secret stays as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(redactor.text(text)).toBe(text)
    }),
  )
  const { text, line } = createRedactor({})
  expect([text('any\ntext'), line('any\ntext')]).toEqual(['any\ntext', 'any text'])
})

describe('a line', () => {
  it.each([
    ['a\u001b[2J\u001b]0;title\u0007\u009b1m\u202eb', 'a 1m b'],
    ['split \u001b[1msq-Live_\u001b[0m4f9K2mZ8xQ', 'split ***'],
    ['two\r\nlines\tand tabs', 'two lines and tabs'],
    ['to https://user:pass@host/a?token=x&b=1#c', 'to https://***@host/a?token=***&b=***#***'],
    ['upstream says sk-proj-123456 and Bearer abc123def', 'upstream says *** and ***'],
    ['Bearer token is missing', 'Bearer token is missing'],
  ])('%j becomes %j', (text, shown) => {
    expect(redactor.line(text)).toBe(shown)
  })

  it('is bounded', () => {
    expect(redactor.line('x'.repeat(100_000))).toHaveLength(200)
  })
})
