import { describe, expect, test } from 'vitest'
import { answerLine, createRecordReader, LONGEST_KEPT } from '../../lib/records/index.ts'
import type { AnswerRecord, AnswerTexts } from '../../lib/records/index.ts'

const plain = (text: string) => text

function read(text: string): { answers: AnswerRecord[]; problems: string[] } {
  const answers: AnswerRecord[] = []
  const problems: string[] = []
  const reader = createRecordReader({
    onRequest() {},
    onAnswer: (record) => answers.push(record),
    onProblem: ({ message }) => problems.push(message),
  })
  reader.feed(`${text}\n`)
  reader.end()
  return { answers, problems }
}

function kept(texts: Partial<AnswerTexts>, redact = plain): AnswerRecord {
  const whole = { prompt: 'Why?', answer: 'So.', toolCalls: [], expected: [], ...texts }
  const line = answerLine('main-7', whole, redact)
  const { answers, problems } = read(line)
  expect(problems).toEqual([])
  return answers[0]!
}

describe('the texts of a request', () => {
  test('are read as they were written, and have no fields without a value', () => {
    expect(kept({})).toEqual({
      v: 1,
      record: 'answer',
      id: 'main-7',
      prompt: 'Why?',
      answer: 'So.',
    })
    const hostile = '</script>\u001b[2J\u202e\n{"record":"end"}\ud83d\ude00'
    const toolCalls = [{ name: 'find', arguments: '{"a":1}' }]
    expect(kept({ answer: hostile, toolCalls, expected: ['4'] })).toMatchObject({
      answer: hostile,
      toolCalls,
      expected: ['4'],
    })
  })

  test('are one line without a character that a terminal obeys', () => {
    const texts = { prompt: 'a\u001b]0;x\u0007\nb', answer: '\u009b', toolCalls: [], expected: [] }
    // oxlint-disable-next-line no-control-regex
    expect(answerLine('x', texts, plain)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
  })

  test('are bounded, say what is left out, and keep their beginning and their end', () => {
    const long = `begin ${'x'.repeat(3 * LONGEST_KEPT)} end`
    const { prompt, promptCut, answer, answerCut, toolCalls, expected } = kept({
      prompt: long,
      answer: long.slice(0, LONGEST_KEPT),
      toolCalls: Array.from({ length: 500 }, () => ({ name: long, arguments: long })),
      expected: Array.from({ length: 500 }, () => long),
    })
    expect(prompt.length).toBeLessThanOrEqual(LONGEST_KEPT)
    expect(prompt).toMatch(/^begin x+\n\[…\]\nx+ end$/)
    const shown = prompt.length - '\n[…]\n'.length
    expect(promptCut).toBe(long.length - shown)
    expect(answer).toBe(long.slice(0, LONGEST_KEPT))
    expect(answerCut).toBeUndefined()
    expect(JSON.stringify([toolCalls, expected]).length).toBeLessThan(50_000)
  })

  test('hold no secret, also where one is cut in half', () => {
    const secret = 'sk-Live-4f9K2mZ8xQ71vB3nR6tY0wLp'
    const redact = (text: string) => text.replaceAll(secret, '***')
    for (let at = LONGEST_KEPT / 2 - 60; at < LONGEST_KEPT / 2 + 10; at++) {
      const text = 'x'.repeat(at) + secret + 'y'.repeat(LONGEST_KEPT)
      const texts = { prompt: text, answer: text, toolCalls: [], expected: [text] }
      expect(answerLine('x', texts, redact)).not.toMatch(/sk-L|0wLp/)
    }
  })

  test.each([
    ['{"v":1,"record":"answer","prompt":"","answer":""}', /has no "id"/],
    [
      '{"v":1,"record":"answer","id":"a","prompt":"","answer":3}',
      /"answer" is 3; accepted: a text/,
    ],
    [
      '{"v":1,"record":"answer","id":"a","prompt":"","answer":"","toolCalls":[{"name":"f"}]}',
      /"toolCalls" is .*; accepted: a list of calls/,
    ],
    [
      '{"v":1,"record":"answer","id":"a","prompt":"","answer":"","promptCut":-1}',
      /"promptCut" is -1; accepted: a whole number/,
    ],
  ])('%s is no such record', (line, message) => {
    const { answers, problems } = read(line)
    expect(answers).toEqual([])
    expect(problems[0]).toMatch(message)
  })
})
