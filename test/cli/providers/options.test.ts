import { describe, expect, it } from 'vitest'
import { main } from '../../../cli/providers/index.ts'
import { readOptions } from '../../../cli/providers/options.ts'
import {
  environmentOf,
  meetAlike,
  runId,
  sharesCache,
  variablesOf,
} from '../../../cli/providers/play.ts'
import { terminal } from '../../support/terminal.ts'

const TWO = ['a=https://one.example/v1', 'b=https://two.example/v1']
const PRICED = ['--tokens', 'a=0.5,1.5', '--tokens', 'b=0.1,0.3']
const KEYS = ['--key-env', 'a=ONE_KEY', '--key-env', 'b=TWO_KEY']

async function refused(...args: string[]) {
  const to = terminal()
  return { code: await main(args, to, {}), ...to.written }
}

describe('a provider', () => {
  const options = readOptions([
    ...TWO,
    ...PRICED,
    ...KEYS,
    ...[
      '--body',
      'b={"top_p": 0.9}',
      '--model',
      'b=small',
      '--api',
      'b=anthropic',
      '--max-spend',
      '6',
      '--rate',
      '2',
    ],
    ...['-e', 'OUTPUT_TOKENS=100'],
  ])
  const [a, b] = options.providers
  const shell = { PATH: '/bin', ONE_KEY: 'secret-1', TWO_KEY: 'secret-2', API_KEY: 'x', RATE: '9' }

  it('gets its own key and no other', () => {
    expect(environmentOf(a!, options, shell)).toEqual({ PATH: '/bin', API_KEY: 'secret-1' })
    expect(environmentOf(b!, options, shell)).toEqual({ PATH: '/bin', API_KEY: 'secret-2' })
    const without = { ...a!, keyVariable: undefined }
    expect(environmentOf(without, options, shell)).toEqual({ PATH: '/bin' })
    expect(() => environmentOf(a!, options, {})).toThrow('--key-env a=ONE_KEY: not set')
  })

  it('is asked for the same as the others, by its own model and price', () => {
    const [one, other] = [variablesOf(a!, options), variablesOf(b!, options)]
    expect(one).toMatchObject({ BASE_URL: 'https://one.example/v1', RATE: '2', GRADED_SHARE: '1' })
    expect(other).toMatchObject({ MODEL: 'small', API: 'anthropic', OUTPUT_TOKENS: '100' })
    expect(other['BODY']).toBe('{"top_p": 0.9}')
    expect([one['MODEL'], one['BODY']]).toEqual([undefined, undefined])
    expect(other['PRICE_OUTPUT_TOKENS']).toBe('0.3')
  })

  it('is sent requests at times of its own where another one is the same server', () => {
    const of = (url: string, ...more: string[]) => {
      const all = readOptions(['a=http://x:8000/v1', `b=${url}`, ...more])
      const given = all.providers.map((one) => variablesOf(one, all))
      return [...given.flatMap((own) => [own['ARRIVALS'], own['ARRIVALS_SEED']]), meetAlike(all)]
    }
    const same = 'http://x:8000/v2'
    expect(of(same)).toEqual(['poisson', '1', 'poisson', '2', false])
    expect(of(same, '-e', 'SEED=4294967295')).toEqual([
      'poisson',
      '4294967295',
      'poisson',
      '0',
      false,
    ])
    expect(of('http://y:8000/v1')).toEqual([undefined, undefined, undefined, undefined, false])
    expect(of(same, '-e', 'CONCURRENCY=2')).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      false,
    ])
    expect(of(same, '-e', 'ARRIVALS=constant')).toEqual(['constant', '1', 'constant', '2', true])
    expect(of(same, '-e', 'TRACE=a.csv').at(-1)).toBe(true)
  })

  it('has prompts of its own where another one is the same server', () => {
    const of = (urls: string[], ...more: string[]) => {
      const all = readOptions([...urls, ...more])
      return [...all.providers.map((one) => runId(one, all, 'run')), sharesCache(all)]
    }
    const same = ['a=http://x:8000/v1', 'b=http://x:8000/v2']
    expect(of(TWO)).toEqual(['run', 'run', false])
    expect(of(same)).toEqual(['run-a', 'run-b', false])
    expect(of(same, '-e', 'CACHE=natural')).toEqual(['run-a', 'run-b', true])
    expect(of(TWO, '-e', 'CACHE=natural')).toEqual(['run', 'run', false])
  })

  it('spends its part of what all may spend together', () => {
    const spends = [a, b].map((one) => Number(variablesOf(one!, options)['MAX_SPEND']))
    expect(spends[0]! + spends[1]!).toBeCloseTo(6, 12)
    // Five times the price, five times the part: as many answers.
    expect(spends[0]! / spends[1]!).toBeCloseTo(5, 12)
  })
})

describe('k6-inference providers', () => {
  it.each<[string[], RegExp]>([
    [[], /0 providers given; 2 to 8/],
    [['a=https://one.example/v1'], /1 providers given/],
    [['a=nowhere', 'b=http://x'], /nowhere: .*accepted: NAME=URL/],
    [['a=http://x', 'a=http://y'], /two providers have one name/],
    [[...TWO, '--key-env', 'c=KEY'], /--key-env: accepted: NAME=value, NAME being one of a, b/],
    [[...TWO, '--key-env', 'sk-12345'], /--key-env: accepted/],
    [[...TWO, '--max-spend', '5'], /--max-spend needs --tokens of each provider; missing: a, b/],
    [[...TWO, ...PRICED, '--max-spend', 'much'], /--max-spend much: accepted/],
    [[...TWO, '-e', 'BASE_URL=http://x'], /-e BASE_URL: is set for each provider/],
    [[...TWO, '--limit', 'speed=3'], /no figure speed; accepted/],
  ])('%j is refused', async (args, why) => {
    const { code, note } = await refused(...args)
    expect(code).toBe(2)
    expect(note).toMatch(why)
    expect(note).not.toContain('sk-12345')
  })

  it('sends nothing without a key that was named', async () => {
    const { code, note } = await refused(...TWO, ...KEYS)
    expect(code).toBe(1)
    expect(note).toContain('--key-env a=ONE_KEY: not set')
  })
})
