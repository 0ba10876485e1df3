import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import {
  createBudget,
  DEFAULT_SCALE,
  defaultPass,
  inJudgingOrder,
  judgeCost,
  judgeLine,
  judgePrompt,
  needsJudging,
  NO_TOKENS,
  otherSettings,
  readJudgedFile,
  readReply,
} from '../../lib/judge/index.ts'
import type { JudgedItem, JudgeHead, JudgeSettings, Judgement } from '../../lib/judge/index.ts'

const SETTINGS: JudgeSettings = {
  ...{ api: 'chat', model: 'm', rubric: 'Is it right?', scale: { from: 1, to: 10 }, pass: 7 },
  ...{ maxTokens: 100, body: '' },
}

describe('the reply', () => {
  test.each<[string, string, number]>([
    ['the format', '{"reason": "good", "score": 7}', 7],
    ['the other order, and blanks', '\n {"score":1,"reason":""} \n', 1],
    ['reasoning before it', '<think>{"score": 2}</think>{"reason": "x", "score": 10}', 10],
    ['a fence around the whole', '```json\n{"reason": "x", "score": 3}\n```', 3],
  ])('%s is read', (_what, text, rating) => {
    expect(readReply(text, 'stop', DEFAULT_SCALE)).toMatchObject({ ok: true, rating })
  })

  test.each<[string, string, string]>([
    ['nothing', '', 'empty'],
    ['reasoning without an end', '<think>it is a 7', 'empty'],
    ['prose', 'I give it 7 out of 10.', 'not_json'],
    ['prose around it', 'Here: {"reason": "x", "score": 7}', 'not_json'],
    ['two of them', '{"reason":"x","score":7}\n{"reason":"x","score":1}', 'not_json'],
    ['a fence with more behind', '```json\n{"score":7,"reason":"x"}\n```\nso 9', 'not_json'],
    ['a list', '[{"reason":"x","score":7}]', 'not_json'],
    ['a number', '7', 'not_json'],
    ['no reason', '{"score": 7}', 'no_score'],
    ['a text for a score', '{"reason": "x", "score": "7"}', 'no_score'],
    ['null', '{"reason": "x", "score": null}', 'no_score'],
    ['another field', '{"reason": "x", "score": 7, "scale": 10}', 'other_fields'],
    ['a prototype', '{"__proto__": {}, "reason": "x", "score": 7}', 'other_fields'],
    ['above the scale', '{"reason": "x", "score": 999}', 'off_scale'],
    ['below it', '{"reason": "x", "score": 0}', 'off_scale'],
    ['between', '{"reason": "x", "score": 7.5}', 'off_scale'],
    ['beyond numbers', '{"reason": "x", "score": 1e999}', 'off_scale'],
    ['far too long', JSON.stringify({ reason: 'x'.repeat(30_000), score: 7 }), 'too_long'],
  ])('%s is not taken', (_what, text, problem) => {
    expect(readReply(text, 'stop', DEFAULT_SCALE)).toEqual({ ok: false, problem })
  })

  it('says when the limit of tokens cut it', () => {
    expect(readReply('{"reason": "so far', 'length', DEFAULT_SCALE)).toEqual({
      ok: false,
      problem: 'cut_off',
    })
  })
})

describe('the prompt', () => {
  const item = { prompt: 'P', answer: 'A', expected: [] as string[], cut: false }

  it('keeps every text between marks that it cannot write itself', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('<<<', '>>>', 'end of answer>>>'))
    fc.assert(
      fc.property(text, text, text, (prompt, answer, reference) => {
        const all = { ...item, prompt, answer: `.${answer}`, expected: [reference] }
        const { user } = judgePrompt(all, SETTINGS, false)
        const [, word = ''] = /<<<([0-9a-f]{8}) prompt>>>/.exec(user) ?? []
        for (const one of [prompt, all.answer, reference]) expect(one).not.toContain(word)
        expect(user.split(`<<<${word} `)).toHaveLength(7)
      }),
      { numRuns: 200 },
    )
  })

  it('is the same for the same answer, and says again what the format is', () => {
    expect(judgePrompt(item, SETTINGS, false)).toEqual(judgePrompt(item, SETTINGS, false))
    const { user } = judgePrompt(item, SETTINGS, true)
    expect(user.startsWith(judgePrompt(item, SETTINGS, false).user)).toBe(true)
    expect(user).toContain('a whole number from 1 to 10')
  })

  it('leaves out reasoning, unless its end may have been left out', () => {
    const thought = { ...item, answer: '<think>hm</think>So.' }
    expect(judgePrompt(thought, SETTINGS, false).user).not.toContain('hm')
    const cut = { ...item, answer: '<think>hm […] So.', cut: true }
    const { user } = judgePrompt(cut, SETTINGS, false)
    expect(user).toContain('hm […] So.')
    expect(user).toContain('the middle was left out')
  })
})

describe('the budget', () => {
  const price = { input: 2, cached: 1, output: 10, currency: 'USD' }

  it('costs what tokens cost', () => {
    expect(judgeCost({ input: 1e6, cached: 4e5, output: 1e5 }, price)).toBeCloseTo(1.2 + 0.4 + 1, 9)
  })

  it('is never broken, in whatever order requests end', () => {
    const request = fc.record({
      most: fc.nat(50_000),
      share: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    const steps = fc.array(fc.tuple(request, fc.nat(5)), { maxLength: 60 })
    fc.assert(
      fc.property(steps, fc.nat(200), (requests, spent) => {
        const limit = 500_000e-6 * 2
        const budget = createBudget(
          { maxRequests: 40, maxSpend: limit, price },
          { requests: 3, cost: spent / 1000 },
        )
        let [cost, sent] = [spent / 1000, 3]
        const open: (() => void)[] = []
        for (const [{ most, share }, settled] of requests) {
          const bound = { ...NO_TOKENS, input: most }
          const used = { ...NO_TOKENS, input: Math.floor(most * share) }
          if (budget.take(bound) === 'yes') {
            sent++
            open.push(() => {
              cost += judgeCost(used, price)
              budget.settle(bound, used)
            })
          }
          for (let i = 0; i < settled; i++) open.shift()?.()
        }
        for (const end of open) end()
        expect(cost).toBeLessThanOrEqual(Math.max(limit, spent / 1000) + 1e-9)
        expect(sent).toBeLessThanOrEqual(40)
      }),
    )
  })

  it('waits while a request under way may leave room, and then goes on or ends', async () => {
    const most = { ...NO_TOKENS, output: 100 }
    const budget = createBudget(
      { maxRequests: undefined, maxSpend: 0.0015, price },
      { requests: 0, cost: 0 },
    )
    expect([budget.take(most), budget.take(most)]).toEqual(['yes', 'wait'])
    const changed = budget.change()
    budget.settle(most, { ...NO_TOKENS, output: 60 })
    await changed
    expect(budget.take(most)).toBe('no')
    expect(budget.reached).toBe('max-spend')
  })
})

describe('the order', () => {
  const items = Array.from({ length: 300 }, (_, i) => {
    return { id: `main-${i}`, labels: { phase: i < 250 ? 'peak' : 'main', app: 'chat' } }
  })
  const ordered = inJudgingOrder(items)

  it('is all of them, in turns of the phases, and the same whatever came first', () => {
    expect(new Set(ordered).size).toBe(300)
    expect(inJudgingOrder([...items].reverse())).toEqual(ordered)
    const first = ordered.slice(0, 60).filter(({ labels }) => labels.phase === 'main')
    expect(first).toHaveLength(30)
  })

  it('is mixed: the first are no worse spread over the run than chance would have them', () => {
    const peak = ordered.filter(({ labels }) => labels.phase === 'peak').slice(0, 100)
    const early = peak.filter(({ id }) => Number(id.slice(5)) < 125).length
    // Of 100 out of 250, half being early: 50 with a standard deviation of 3.9.
    expect(Math.abs(early - 50)).toBeLessThan(16)
  })

  it('asks again for what another attempt may mend', () => {
    const of = (outcome: Judgement['outcome']) => needsJudging({ outcome } as Judgement)
    expect([needsJudging(undefined), of('timeout'), of('error'), of('unfinished')]).not.toContain(
      false,
    )
    expect([of('scored'), of('bad_format')]).toEqual([false, false])
  })
})

describe('the file', () => {
  const head: JudgeHead = {
    ...{ record: 'judge', v: 1, runStartedAt: null, judgedAt: 'x', url: 'http://h' },
    ...{ settings: SETTINGS, answers: 2, price: null },
  }
  const item: Pick<JudgedItem, 'id' | 'labels'> = { id: 'a', labels: { phase: 'p', app: 'chat' } }
  const used = { requests: 2, badReplies: 1, uncounted: 1 }
  const tokens = { input: 10, cached: 0, output: 5 }
  const one: Judgement = {
    ...{ record: 'judged', ...item, nth: 1, outcome: 'timeout', ...used, tokens, most: tokens },
  }

  it('holds the last of each answer, and what all of them took', () => {
    const scored: Judgement = { ...one, outcome: 'scored', rating: 9, reason: 'x' }
    const file = readJudgedFile([head, one, scored].map(judgeLine).join(''))
    expect([...file.latest.values()]).toEqual([scored])
    expect(file).toMatchObject({ head, problems: [], torn: false })
    expect(file.used).toEqual({
      ...{ requests: 4, badReplies: 2, uncounted: 2 },
      tokens: { input: 20, cached: 0, output: 10 },
      most: { input: 20, cached: 0, output: 10 },
    })
  })

  it.each([
    ['a rating beyond the scale', { ...one, outcome: 'scored', rating: 11 }],
    ['a score without a rating', { ...one, outcome: 'scored' }],
    ['a rating of none', { ...one, rating: 3 }],
    ['negative tokens', { ...one, tokens: { ...tokens, input: -1 } }],
    ['an outcome that is none', { ...one, outcome: 'good' }],
    ['something else', { record: 'request' }],
  ])('%s is told with its line', (_what, record) => {
    const text = `${judgeLine(head)}\n${JSON.stringify(record)}\n${judgeLine(one)}`
    const { problems, latest } = readJudgedFile(text)
    expect(problems.map(({ line }) => line)).toEqual([3])
    expect(latest.size).toBe(1)
  })

  it('of a line that was never finished nothing is taken', () => {
    const text = judgeLine(head) + judgeLine(one) + judgeLine(one).slice(0, 40)
    expect(readJudgedFile(text)).toMatchObject({ torn: true, problems: [] })
  })
})

it('two thirds of the way up a scale passes, and settings that scores rest on are compared', () => {
  const scales = [[1, 10] as const, [1, 5] as const, [0, 1] as const, [0, 100] as const]
  expect(scales.map(([from, to]) => defaultPass({ from, to }))).toEqual([7, 4, 1, 67])
  const other = { ...SETTINGS, model: 'n', rubric: 'other', pass: 3, maxTokens: 7 }
  expect(otherSettings(SETTINGS, other)).toEqual(['model', 'rubric'])
})
