import { expect, test } from 'vitest'
import { stateOf, type Pod } from '../../../../cli/k8s/run/pods.ts'

type Status = NonNullable<Pod['status']>
const state = (status: Status | undefined) =>
  stateOf({ metadata: { name: 'p' }, ...(status === undefined ? {} : { status }) })
const k6 = (own: object) => [{ name: 'k6', state: own }]

test.each<[string, Status | undefined, string | undefined]>([
  ['a new pod', undefined, undefined],
  [
    'one that pulls its image',
    { phase: 'Pending', containerStatuses: k6({ waiting: { reason: 'ContainerCreating' } }) },
    undefined,
  ],
  [
    'one whose image is not there',
    {
      phase: 'Pending',
      containerStatuses: k6({ waiting: { reason: 'ImagePullBackOff', message: 'no such image' } }),
    },
    'ImagePullBackOff: no such image',
  ],
  [
    'one that fits no node',
    {
      phase: 'Pending',
      conditions: [{ type: 'PodScheduled', status: 'False', reason: 'Unschedulable' }],
    },
    'Unschedulable',
  ],
  ['one that runs', { phase: 'Running', containerStatuses: k6({ running: {} }) }, undefined],
])('%s waits for: …', (_, status, waits) => {
  expect(state(status)).toMatchObject({ ended: false, waits })
})

const terminated = (exitCode: number, reason?: string) =>
  k6({ terminated: { exitCode, ...(reason === undefined ? {} : { reason }) } })
test.each<[string, Status, string | undefined]>([
  ['all limits kept', { phase: 'Succeeded', containerStatuses: terminated(0) }, undefined],
  ['a limit missed', { phase: 'Failed', containerStatuses: terminated(99, 'Error') }, undefined],
  [
    'killed for memory',
    { phase: 'Failed', containerStatuses: terminated(137, 'OOMKilled') },
    'OOMKilled, exit code 137',
  ],
  ['k6 crashed', { phase: 'Failed', containerStatuses: terminated(2, 'Error') }, 'exit code 2'],
  [
    'evicted by its node',
    {
      phase: 'Failed',
      reason: 'Evicted',
      message: 'low on memory',
      containerStatuses: terminated(137),
    },
    'Evicted: low on memory',
  ],
  [
    'preempted',
    {
      phase: 'Failed',
      conditions: [{ type: 'DisruptionTarget', status: 'True', reason: 'PreemptionByScheduler' }],
      containerStatuses: terminated(0),
    },
    'PreemptionByScheduler',
  ],
  [
    'a volume that it may not write to',
    {
      phase: 'Failed',
      initContainerStatuses: [{ name: 'results-folder', state: { terminated: { exitCode: 1 } } }],
    },
    'init container results-folder ended with exit code 1',
  ],
])('%s: lost by …', (_, status, lost) => {
  expect(state(status)).toMatchObject({ ended: true, waits: undefined, lost })
})
