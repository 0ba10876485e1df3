import { expect, it } from 'vitest'
import type { GenerationRequest } from '../../lib/protocols/index.ts'
import { shownPrompt, shownTask } from '../../lib/workload/index.ts'

it.each<[GenerationRequest, string]>([
  [{ messages: [{ role: 'user', content: 'What is 2 + 2?' }] }, 'What is 2 + 2?'],
  [{ messages: [{ role: 'system', content: 'Be brief.' }] }, 'system: Be brief.'],
  [
    {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
      ],
    },
    'system: Be brief.\n\nuser: Hi',
  ],
  [{ prompt: 'def f(' }, 'def f('],
  [{ prompt: ['a', 'b'] }, 'a\n\nb'],
  [{}, ''],
])('%j is read as %j', (request, text) => expect(shownPrompt(request)).toBe(text))

it('what is known of the right answer is texts', () => {
  expect(shownTask({})).toEqual([])
  expect(shownTask({ expected: ['4', 'four'], calls: [{ name: 'add' }] })).toEqual([
    '4',
    'four',
    '{"name":"add"}',
  ])
})
