import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprintOf, firstDifference, judgeIdle } from '../../lib/quality/index.ts'

const print = (text: string, ...toolCalls: { name: string; arguments: string }[]) =>
  fingerprintOf({ text, toolCalls })

describe('where two answers part', () => {
  it.each<[string, string, number | undefined]>([
    ['the cat sat', 'the cat sat', undefined],
    ['the cat sat', 'the cat ran', 3],
    ['the cat sat', 'a cat sat', 1],
    ['the cat sat', 'the cat sat down', 4],
    ['the cat', '', 1],
    ['', '', undefined],
    // Blanks are tokens, too.
    ['one\ntwo', 'one two', 2],
    ['one two', 'one two ', 3],
    // Scripts without spaces are counted by the character.
    ['東京は首都です', '東京は都市です', 4],
    ['naïve 😀 text', 'naïve 😁 text', 2],
  ])('%j and %j: %s', (a, b, word) => {
    expect(firstDifference(print(a), print(b))).toBe(word)
    expect(firstDifference(print(b), print(a))).toBe(word)
  })

  it('is in calls of tools as well', () => {
    const call = { name: 'weather', arguments: '{"city":"Rome"}' }
    const other = { ...call, arguments: '{"city":"Oslo"}' }
    expect(firstDifference(print('', call), print('', call))).toBeUndefined()
    expect(firstDifference(print('', call), print('', other))).toBe(2)
    expect(firstDifference(print('', call), print(''))).toBe(1)
  })

  it('is found for any texts, at the word or (by 12 bits) soon behind it', () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,6}$/), { minLength: 1, maxLength: 40 })
    fc.assert(
      fc.property(words, fc.nat(), (given, at) => {
        const place = at % given.length
        const changed = given.map((word, i) => (i === place ? `${word}x` : word))
        const word = firstDifference(print(given.join(' ')), print(changed.join(' ')))
        expect(word).toBeGreaterThanOrEqual(place + 1)
        expect(word).toBeLessThanOrEqual(given.length + 1)
      }),
    )
  })

  it('holds no word of the answer, and is bounded', () => {
    expect(print('The secret is 4711.')).toMatch(/^[0-9a-f]{8}[\w-]{8}$/)
    expect(print('word '.repeat(100_000)).length).toBe(8 + 2 * 4096)
    const long = 'word '.repeat(5000)
    expect(firstDifference(print(`${long}a`), print(`${long}b`))).toBe(4097)
  })
})

describe('the idle server', () => {
  it('is judged by its first two answers, and by how many of the further ones differ', () => {
    const [a, b] = [print('yes'), print('no')]
    const answers = [
      [a, a, a, a],
      [a, a, b, undefined],
      [a, b, a, a],
      [undefined, a, a, a],
      [a],
      [],
    ]
    expect(judgeIdle(answers)).toEqual({
      prompts: [
        { n: 0, answer: a },
        { n: 1, answer: a },
      ],
      facts: { prompts: 6, unanswered: 3, unstable: 1, repeated: 3, differed: 1 },
    })
  })
})
