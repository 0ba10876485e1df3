import { expect, test } from 'vitest'
import { memoryProblem, memoryQuantity, podNeeds } from '../../../cli/k8s/index.ts'

const costs = {
  cpuUsPerToken: 1,
  cpuUsPerRequest: 1,
  mibPerVu: 2,
  mibBase: 100,
  bytesPerRequest: 1024 * 1024,
}
const monitor = { executor: 'constant-vus', vus: 1, duration: '10s' }

test.each([
  [
    'a constant rate',
    { executor: 'constant-arrival-rate', rate: 120, timeUnit: '1m', duration: '29.5s', maxVUs: 8 },
    59,
  ],
  [
    'a ramp, then a hold',
    {
      executor: 'ramping-arrival-rate',
      startRate: 2,
      timeUnit: '1s',
      stages: [
        { target: 6, duration: '10s' },
        { target: 6, duration: '1m' },
      ],
    },
    40 + 360,
  ],
  ['drawn arrivals', { executor: 'shared-iterations', vus: 8, iterations: 77 }, 77],
  // 4 VUs for 60 s, 3 s per answer.
  ['a closed loop', { executor: 'constant-vus', vus: 4, duration: '1m' }, 80],
  [
    'a closed loop that grows',
    { executor: 'ramping-vus', startVUs: 0, stages: [{ target: 6, duration: '1m' }] },
    60,
  ],
])('requests of %s', (what, load, requests) => {
  const needs = podNeeds({ maxVUs: 9, scenarios: { load, monitor } }, 1, { EXPECTED_E2E: '3s' })
  expect(needs).toMatchObject({ requests, vus: 9, estimated: what.includes('closed') })
})

const requirements = {
  maxVUs: 22,
  scenarios: { load: { executor: 'shared-iterations', vus: 20, iterations: 300 }, monitor },
}

test('pods share VUs and requests, not the base', () => {
  expect(podNeeds(requirements, 1, {}, costs).mib).toBe(100 + 22 * 2 + 300)
  // 22 VUs over 3 pods: 8, and one for the scenario's own rounding.
  expect(podNeeds(requirements, 3, {}, costs).mib).toBe(100 + 9 * 2 + 100)
})

test.each([
  ['218Mi', true],
  ['217Mi', false],
  ['0.3Gi', true],
  ['300M', true],
  ['200M', false],
  ['1Gi', true],
])('%s is enough: %s', (memory, enough) => {
  const needs = podNeeds(requirements, 3, {}, costs)
  expect(memoryQuantity(needs)).toBe('256Mi')
  const problem = memoryProblem(needs, memory, 3)
  if (enough) expect(problem).toBeUndefined()
  else expect(problem).toMatch(/each of 3 pods needs 256Mi.*9 VUs.*100 requests/)
})
