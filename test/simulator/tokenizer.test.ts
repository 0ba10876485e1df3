import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { asciiPieces } from '../../simulator/text.ts'
import { blockKeys, chatTemplates, renderChat, tokenizers } from '../../simulator/tokenizer.ts'

describe('token counts', () => {
  it.each([
    ['word', 'one two, three', 3],
    ['word', '', 0],
    ['subword', 'one two, three', 4],
    ['subword', 'internationalisation 12345', 4 + 2],
    ['subword', 'größe', 4],
    ['bytepair', 'one two three', 3],
    ['bytepair', 'one two, three', 4],
    ['bytepair', ' internationalisation', 1 + 4],
    ['bytepair', '12345', 2],
    ['bytepair', 'こん', 3],
    ['byte', 'größe', 7],
  ] as const)('%s: %j is %i', (name, text, count) => {
    expect(tokenizers[name](text)).toHaveLength(count)
  })
  it.each(['word', 'subword', 'bytepair'] as const)(
    '%s: each word of an answer costs one token, so that it costs the same when it comes back',
    (name) => {
      for (const piece of asciiPieces) expect(tokenizers[name](piece)).toHaveLength(1)
      expect(tokenizers[name](asciiPieces.join(''))).toHaveLength(asciiPieces.length)
    },
  )
  it.each([
    ['none', 2],
    ['chatml', 2 + 4 * 2 + 3],
    ['llama', 2 + 5 * 2 + 4],
    // Its own system prompt: 5 words and a full stop, "assistant" in two pieces.
    ['qwen', 2 + 6 * 3 + 4 + 7],
  ] as const)('template %s adds its marks', (name, count) => {
    const messages = [
      { role: 'user', text: 'one' },
      { role: 'assistant', text: 'two' },
    ]
    expect(renderChat(messages, chatTemplates[name], tokenizers.bytepair)).toHaveLength(count)
  })
})

describe('block keys', () => {
  it('are equal exactly as far as the tokens are', () => {
    const ids = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 60 })
    fc.assert(
      fc.property(ids, ids, (a, b) => {
        const x = blockKeys(a, 4)
        const y = blockKeys(b, 4)
        expect(x).toHaveLength(Math.floor(a.length / 4))
        let same = 0
        while (same < Math.min(a.length, b.length) && a[same] === b[same]) same++
        for (let i = 0; i < Math.min(x.length, y.length); i++)
          expect(x[i] === y[i]).toBe(4 * (i + 1) <= same)
      }),
    )
  })
})
