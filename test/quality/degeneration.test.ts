import { describe, expect, it } from 'vitest'
import type { GradeReason } from '../../lib/quality/index.ts'
import { reasonOf, said } from './grading.ts'

const words = (count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => `word${from + i}`).join(' ')
const sentence = 'The harbour opens at nine and closes when the last boat is in. '

const good: readonly [string, string][] = [
  ['a sentence', sentence],
  ['one word', 'Yes'],
  ['a number', '391'],
  ['a long text without repetition', words(3000)],
  ['a refrain', `${words(80)}\n${'Row, row, row your boat\n'.repeat(4)}${words(80, 100)}`],
  ['a rule of dashes', `Title\n${'-'.repeat(300)}`],
  ['a table', `| a | b |\n|${'---|'.repeat(60)}\n| 1 | 2 |`],
  ['a googol', `1${'0'.repeat(100)}`],
  ['a list of numbers', Array.from({ length: 200 }, (_, i) => i).join(', ')],
  ['code', 'def f(x):\n    return x\n\n\ndef g(x):\n    return f(x) + 1\n'],
  ['several languages', 'Hello: Hola, Привет, こんにちは, مرحبا, 안녕하세요, Γειά σου, שלום'],
  ['names inside Chinese', '我的iPhone手机连不上WiFi网络，请重启iPhone。用API调用Python。'],
  ['Korean endings', 'API를 호출하고 JSON을 반환합니다. Python에서 list를 쓰세요.'],
  ['Greek letters in formulas', 'Δx = σy + μm, and βx grows with Δt and λn'],
  ['accents and emoji', 'Naïve façade 🚀 größer 👍🏽 œuvre'],
  ['half a character at its end', 'Guten Tag, sch\ufffd'],
  ['a special token that is explained', 'ChatML ends a turn with `<|im_end|>`.'],
  ['typing errors of keyboards', 'The word сat has a Cyrillic letter.'],
  ['a laugh', 'Hahahahahahahahahaha!'],
  ['JSON of equal rows', `[${'{"open": true}, '.repeat(4)}{"open": false}]`],
]

const bad: readonly [string, string, GradeReason][] = [
  ['nothing', '', 'empty'],
  ['blanks', ' \n\t', 'empty'],
  ['exclamation marks', `The answer${'!'.repeat(60)}`, 'loop'],
  ['a sentence in a loop', `First. ${sentence.repeat(6)}`, 'loop'],
  ['a loop that is cut off', `${sentence.repeat(6)}The harb`, 'loop'],
  ['a word in a loop', `Sure ${'the '.repeat(60)}`, 'loop'],
  ['a loop of Chinese', `好的。${'你好世界。'.repeat(40)}`, 'loop'],
  ['a loop of emoji', '🚀👍'.repeat(90), 'loop'],
  ['zeros', `1.${'0'.repeat(400)}`, 'loop'],
  ['a loop after much text', `${words(6000)} ${sentence.repeat(10)}`, 'loop'],
  [
    'phrases over and over',
    `${`${sentence}So it is. `.repeat(3)}${sentence.repeat(3)}And then. ${sentence.repeat(3)}${words(10)}`,
    'repeated',
  ],
  ['broken UTF-8', 'The na\ufffd\ufffdve fa\ufffd\ufffdade', 'garbled'],
  ['one broken character inside', 'The na\ufffdve facade', 'garbled'],
  ['control characters', 'The \u0000 answer', 'garbled'],
  ['half a surrogate pair', 'Rocket \ud83d starts', 'garbled'],
  ['UTF-8 read as Latin-1', 'cafÃ© naÃ¯ve faÃ§ade', 'garbled'],
  ['bytes of a tokenizer', 'ĠtheĠharbourĠopens', 'garbled'],
  ['bytes of SentencePiece', '<0xE6><0x9D><0xB1> is a city', 'garbled'],
  ['letters of many scripts', 'the дomaиn東 ofمو東 harbourनक р東 ат', 'mixed_scripts'],
  ['the end of a turn', 'It is 18.<|im_end|>\n<|im_start|>user', 'special_tokens'],
  ['the next turn', 'It is 18.</s> [INST] And now? [/INST]', 'special_tokens'],
]

describe('degeneration', () => {
  it.each(good)('lets %s pass', (_, text) => {
    expect(reasonOf('degeneration', text, { whole: true })).toBe('ok')
  })

  it.each(bad)('sees %s', (_, text, reason) => {
    expect(reasonOf('degeneration', text, {})).toBe(reason)
  })

  it('sees a cut only where the answer was to be whole', () => {
    const cut = said('It is', { finish: 'length' })
    expect(reasonOf('degeneration', cut, { whole: true })).toBe('cut_off')
    expect(reasonOf('degeneration', cut, {})).toBe('ok')
  })

  it('lets a call without a text pass', () => {
    const toolCalls = [{ name: 'search', arguments: '{}' }]
    expect(reasonOf('degeneration', said('', { toolCalls }), {})).toBe('ok')
  })

  it('works on a bounded part of an endless answer', () => {
    const endless = `${words(200)} ${'x y z '.repeat(2 ** 20)}`
    expect(reasonOf('degeneration', endless, {})).toBe('loop')
  })
})
