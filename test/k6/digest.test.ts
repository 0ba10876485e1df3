import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { parseConfig } from '../../lib/config/index.ts'
import { digestOf, workloadDigest } from '../../lib/k6/digest.ts'
import type { PreparedTest } from '../../lib/k6/types.ts'
import {
  chat,
  conversations,
  replay,
  traceContent,
  traceElements,
  traceReader,
  uncalibrated,
} from '../../lib/workload/index.ts'

vi.mock('k6/crypto', () => ({ createHash }))

const FACTS = { model: 'm', includeUsage: true, holdsLength: false, warnings: [] }

const configOf = (env: Record<string, string>) => {
  const parsed = parseConfig({ scenario: 'chat-steady', env })
  if (!parsed.ok) throw new Error(parsed.problems[0]?.message)
  return parsed.config
}
/** A test as the script prepares it, as far as its digest needs it. */
function prepared(env: Record<string, string> = {}, change: Partial<PreparedTest> = {}) {
  const config = configOf(env)
  const phase = { name: 'steady', role: 'main', startMs: 0, endMs: 9, from: 1, to: 1 }
  return {
    config,
    plan: { loop: 'open', unit: 'requests/s', phases: [phase] },
    workload: chat(config),
    inputs: { digests: { dataset: undefined, trace: undefined } },
    dueMs: (n: number) => n,
    schedule: { requests: 100 },
    ...change,
  } as unknown as PreparedTest
}
function replayed(name: string) {
  const file = path.join(import.meta.dirname, '../traces/fixtures', name)
  const made = traceElements(readFileSync(file, 'utf8'))
  if (!made.ok) throw new Error(made.message)
  const { schedule, lengths, prompts } = traceContent(made.elements)
  const trace = {
    schedule: digestOf(schedule),
    lengths: digestOf(lengths),
    prompts: digestOf(prompts),
  }
  const reader = traceReader(made.elements)
  return prepared(
    {},
    {
      workload: replay(configOf({}), reader),
      dueMs: reader.dueMs,
      schedule: { requests: reader.rows } as NonNullable<PreparedTest['schedule']>,
      inputs: { digests: { dataset: undefined, trace } } as unknown as PreparedTest['inputs'],
    },
  )
}
const digest = (test: PreparedTest, calibration = uncalibrated()) =>
  workloadDigest(test, { facts: FACTS, calibration })
/** Parts in which two digests differ. */
const apart = (a: ReturnType<typeof digest>, b: ReturnType<typeof digest>) =>
  (['schedule', 'lengths', 'prompts'] as const).filter((part) => a[part] !== b[part])

describe('the digest of what a run asks for', () => {
  const base = digest(prepared())

  test.each<[string, Record<string, string>, string[]]>([
    ['nothing', {}, []],
    ['the place of the server', { BASE_URL: 'http://other:1/v1', MODEL: 'b' }, []],
    ['limits and deadlines', { SLO_TTFT_P95: '9', TIMEOUT_WHOLE: '9s' }, []],
    ['the lengths', { INPUT_TOKENS: '77' }, ['lengths', 'prompts']],
    ['what the cache meets', { CACHE: 'shared' }, ['prompts']],
    ['the seed', { SEED: '5' }, ['schedule', 'lengths', 'prompts']],
    ['how arrivals are drawn', { ARRIVALS: 'poisson' }, ['schedule']],
  ])('after a change of %s', (_, env, parts) => {
    expect(apart(base, digest(prepared(env)))).toEqual(parts)
  })

  test('covers the calibration, by which words are chosen, and not its checks', () => {
    const known = uncalibrated()
    expect(
      apart(base, digest(prepared(), { ...known, checks: [{ wanted: 1, counted: 2 }] })),
    ).toEqual([])
    const longer = digest(prepared(), { ...known, overheads: { chat: 99 } })
    expect(apart(base, longer)).toEqual(['prompts'])
  })

  test('covers the whole data set', () => {
    const digests = { dataset: digestOf(['{"id":"1"}']), trace: undefined }
    const inputs = { digests } as unknown as PreparedTest['inputs']
    expect(apart(base, digest(prepared({}, { inputs })))).toEqual(['prompts'])
  })

  test('covers the second turn of conversations', () => {
    const talk = (turnTokens: number) => {
      const config = {
        ...configOf({}),
        turnTokens: { kind: 'constant' as const, value: turnTokens },
      }
      return digest(prepared({}, { workload: conversations(config) }))
    }
    expect(apart(talk(20), talk(20))).toEqual([])
    expect(apart(talk(20), talk(40))).toContain('prompts')
  })

  test('tells traces of the same times apart', () => {
    expect(apart(digest(replayed('k64_a.csv')), digest(replayed('k64_a.csv')))).toEqual([])
    expect(apart(digest(replayed('k64_a.csv')), digest(replayed('k64_b.csv')))).toEqual([
      'lengths',
      'prompts',
    ])
  })

  test('is of a trace of two requests too', () => {
    expect(digest(replayed('k41_two.csv')).schedule).toMatch(/^[\da-f]{16}$/)
  })
})
