import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { COSTS, main, planPods, type Costs } from '../../../cli/plan/index.ts'
import { terminal } from '../../support/terminal.ts'

const costs: Costs = {
  cpuUsPerToken: 50,
  cpuUsPerRequest: 2000,
  mibPerVu: 2,
  mibBase: 100,
  bytesPerRequest: 1024,
}
const aim = { rate: 10, tokens: 101, ttftMs: 500, tpotMs: 15, durationS: 1024 }
const size = { cores: 1, memoryMiB: 300, share: 0.5 }

test('the formulas, by hand', () => {
  // 500 ms + 100 x 15 ms = 2 s in flight; 10/s x 2 s = 20 streams, 82 VUs at most.
  expect(planPods(aim, size, costs)).toMatchObject({
    inFlight: 20,
    tokensPerS: 1010,
    vus: 82,
    // 10 x (2000 + 101 x 50) us
    cores: expect.closeTo(0.0705, 10) as number,
    // 82 VUs x 2 + 10 x 1024 requests x 1 KiB
    memoryMiB: 174,
    pods: 1,
    limit: 'cpu',
  })
})

test('memory may be what asks for more pods', () => {
  const planned = planPods({ ...aim, durationS: 102_400 }, size, costs)
  // 164 + 1000 MiB over 200 MiB a pod
  expect(planned).toMatchObject({ pods: 6, limit: 'memory' })
})

test('more pods than VUs are warned of: the operator refuses them', () => {
  const planned = planPods({ ...aim, rate: 1, tokens: 1, ttftMs: 100 }, size, {
    ...costs,
    cpuUsPerRequest: 9e6,
  })
  expect(planned).toMatchObject({
    pods: 19,
    vus: 3,
    warnings: [expect.stringMatching(/19 pods.*3 VUs/)],
  })
})

test('a pod too small for k6 itself is a problem', () => {
  expect(planPods(aim, { ...size, memoryMiB: 100 }, costs)).toEqual({
    problem: expect.stringMatching(/k6 alone needs 100 MiB/) as string,
  })
})

test('the pods hold the load, and one fewer would not', () => {
  const positive = (max: number) => fc.double({ min: 0.5, max, noNaN: true })
  fc.assert(
    fc.property(
      positive(500),
      positive(2000),
      positive(16),
      positive(8000),
      (rate, tokens, cores, memory) => {
        const own = { cores, memoryMiB: 200 + memory, share: 0.6 }
        const planned = planPods({ ...aim, rate, tokens }, own, costs)
        if ('problem' in planned) throw new Error(planned.problem)
        const holds = (pods: number) =>
          planned.cores / pods <= cores * 0.6 + 1e-9 &&
          costs.mibBase + planned.memoryMiB / pods <= own.memoryMiB + 1e-9
        expect(holds(planned.pods)).toBe(true)
        if (planned.pods > 1) expect(holds(planned.pods - 1)).toBe(false)
      },
    ),
  )
})

async function run(...argv: string[]) {
  const to = terminal()
  const code = await main(argv, to)
  return { code, ...to.written }
}

test('the command says what it takes, by the measured costs', async () => {
  const { code, out } = await run('--rate', '40', '--tokens', '300', '--json')
  expect(code).toBe(0)
  const told = JSON.parse(out)
  expect(told.costs).toEqual(COSTS)
  expect(told.planned).toEqual(planPods(told.aim, told.size, COSTS))
  expect((await run('--rate', '40', '--tokens', '300')).out).toContain('12,000 tokens/s')
})

test.each([
  [['--rate', '40'], /--tokens \(not given\)/],
  [['--rate', 'many', '--tokens', '3'], /--rate many/],
  [['--rate', '0', '--tokens', '3'], /--rate 0: accepted: a number above 0/],
  [['--rate', '4', '--tokens', '3', '--share', '120%'], /at most 100%/],
  [['--rate', '4', '--tokens', '3', '--memory', '10'], /k6 alone needs/],
])('%j is refused', async (argv, words) => {
  const { code, note } = await run(...argv)
  expect(code).toBe(2)
  expect(note).toMatch(words)
})

test('docs/sizing.md shows what the command says', async () => {
  const page = readFileSync(new URL('../../../docs/sizing.md', import.meta.url), 'utf8')
  const { out } = await run('--rate', '40', '--tokens', '300', '--ttft', '500', '--tpot', '20')
  expect(page).toContain(out.trimEnd())
})
