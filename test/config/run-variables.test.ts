import { describe, expect, test } from 'vitest'
import { parseConfig } from '../../lib/config/index.ts'

const read = (env: Record<string, string>) =>
  parseConfig({ scenario: 'chat-steady', shape: 'steady', env })

function values(env: Record<string, string>) {
  const parsed = read(env)
  expect(parsed.ok ? [] : parsed.problems).toEqual([])
  return parsed.ok ? parsed.config.values : undefined
}

describe('START_AT', () => {
  test.each([
    ['2026-03-01T02:00:00Z', '2026-03-01T02:00:00.000Z'],
    ['2026-03-01T02:00Z', '2026-03-01T02:00:00.000Z'],
    ['2026-03-01 02:00:00.250+01:00', '2026-03-01T01:00:00.250Z'],
    ['2026-03-01T02:00:00-0530', '2026-03-01T07:30:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(values({ START_AT: text })?.START_AT).toEqual({ atMs: Date.parse(moment) })
  })

  test('next:30s is the next full half minute', () => {
    expect(values({ START_AT: 'next:30s' })?.START_AT).toEqual({ everyMs: 30_000 })
  })

  test.each([
    ['2026-03-01T02:00:00', /no zone/],
    ['tomorrow', /no date and time/],
    ['1772330400000', /no date and time/],
    ['2026-13-41T02:00:00Z', /no such date/],
    ['next:30', /has no unit/],
    ['next:2h', /from 1s to 1h/],
    ['next:', /not a duration/],
  ])('%s is refused', (text, words) => {
    const parsed = read({ START_AT: text })
    expect(parsed.ok ? [] : parsed.problems.map(({ message }) => message)).toEqual([
      expect.stringMatching(words),
    ])
  })
})

test('CLOUD_DROP_METRICS takes names, each once', () => {
  expect(values({ CLOUD_DROP_METRICS: 'a, b,a' })?.CLOUD_DROP_METRICS).toEqual(['a', 'b'])
  const parsed = read({ CLOUD_DROP_METRICS: 'a,http req' })
  expect(parsed.ok ? [] : parsed.problems.map(({ message }) => message)).toEqual([
    '"http req" is no name',
  ])
})

describe('CLOUD_LOAD_ZONES', () => {
  test('shares that are not given are what is left, in equal parts', () => {
    const text = 'amazon:us:ashburn=60, amazon:de:frankfurt, amazon:ie:dublin'
    expect(values({ CLOUD_LOAD_ZONES: text })?.CLOUD_LOAD_ZONES).toEqual([
      { zone: 'amazon:us:ashburn', percent: 60 },
      { zone: 'amazon:de:frankfurt', percent: 20 },
      { zone: 'amazon:ie:dublin', percent: 20 },
    ])
  })

  test.each([
    ['a=60,b=50', /add up to 110/],
    ['a=100,b', /leaves no share/],
    ['a=50,a=50', /names a twice/],
    ['a=much', /share of a/],
    ['a=0,b=100', /share of a/],
    ['a b=100', /no zone=percent/],
    ['', undefined],
  ])('%j', (text, words) => {
    const parsed = read({ CLOUD_LOAD_ZONES: text })
    const found = parsed.ok ? [] : parsed.problems.map(({ message }) => message)
    expect(found).toEqual(words === undefined ? [] : [expect.stringMatching(words)])
  })
})
