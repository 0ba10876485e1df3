import type { K8sPlan } from '../../../cli/k8s/index.ts'

/** A plan as small as can be; each test changes what it is about. */
export function planWith(change: Partial<K8sPlan> = {}): K8sPlan {
  return {
    name: 'chat-spike',
    namespace: 'load',
    image: 'registry.example/k6-inference:0.1.0',
    parallelism: 3,
    separate: false,
    cleanup: false,
    files: [{ name: 'chat-spike.js', bytes: 22, text: 'export default 1 // $(A)' }],
    script: { route: 'configMap', name: 'chat-spike-script', file: 'chat-spike.js', why: 'small' },
    variables: { BASE_URL: 'http://llm:8000/v1', RATE: '4' },
    secrets: [{ variable: 'API_KEY', secret: 'llm', key: 'api-key' }],
    cpu: '1',
    memory: '1Gi',
    prometheus: undefined,
    resultsClaim: undefined,
    schedule: undefined,
    ...change,
  }
}

export const SCHEDULE = {
  cron: '0 2 * * *',
  timeZone: 'Europe/Berlin',
  kubectlImage: 'registry.example/kubectl:v1',
}

/** Every way that the manifests can look. */
export const PLANS: Record<string, K8sPlan> = {
  least: planWith({ namespace: undefined, secrets: [] }),
  whole: planWith({
    separate: true,
    cleanup: true,
    prometheus: 'http://prometheus:9090/api/v1/write',
    resultsClaim: 'results',
  }),
  claim: planWith({
    script: { route: 'claim', name: 'files', file: 'chat-spike.js', create: true, why: 'large' },
  }),
  'claim that is there': planWith({
    script: { route: 'claim', name: 'files', file: 'chat-spike.js', create: false, why: 'named' },
  }),
  image: planWith({ script: { route: 'image', path: '/k6/dist/chat-spike.js', why: 'large' } }),
  schedule: planWith({ schedule: SCHEDULE }),
  'schedule without a zone': planWith({ schedule: { ...SCHEDULE, timeZone: undefined } }),
}
