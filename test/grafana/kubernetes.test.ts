import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { PodMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PodMonitor'
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule'
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor'
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy'
import { describe, expect, test } from 'vitest'
import { parse, parseAllDocuments } from 'yaml'
import { ALERTS, dashboards, expressionOf } from '../../grafana/src/index.ts'

const FOLDER = fileURLToPath(new URL('../../grafana', import.meta.url))
const read = (file: string) => readFileSync(`${FOLDER}/${file}`, 'utf8')
const documents = (text: string) =>
  parseAllDocuments(text, { version: '1.1' }).map((document): any => document.toJS())

const KINDS = { PodMonitor, PrometheusRule, ServiceMonitor, NetworkPolicy } as unknown as Record<
  string,
  new (object: unknown) => { validate(): void }
>

test.each([
  'kubernetes/prometheus-rule.yaml',
  'kubernetes/monitors.yaml',
  '../deploy/kubernetes/network-policy.yaml',
])('%s is valid by the schemas of its kinds', (file) => {
  for (const object of documents(read(file))) {
    expect(() => new KINDS[object.kind]!(object).validate()).not.toThrow()
  }
})

test('the rules are the alerts, each with its expression', () => {
  const [rule] = documents(read('kubernetes/prometheus-rule.yaml'))
  expect(rule.spec).toEqual(parse(read('prometheus/alerts.yml')))
  const found = rule.spec.groups[0].rules.map(({ alert, expr }: any) => [alert, expr])
  expect(found).toEqual(ALERTS.map((alert) => [alert.name, expressionOf(alert)]))
})

test('pods of a run are those that the policy is about, at the port of k6’s REST API', () => {
  const [policy] = documents(read('../deploy/kubernetes/network-policy.yaml'))
  // Labels and port as the operator sets them (pkg/resources/jobs of grafana/k6-operator 1.6.0).
  expect(policy.spec.podSelector).toEqual({ matchLabels: { app: 'k6' } })
  expect(policy.spec.ingress[0].ports).toEqual([{ port: 6565, protocol: 'TCP' }])
})

const kubectl = spawnSync('kubectl', ['kustomize', FOLDER], {
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
})

describe.skipIf(kubectl.error !== undefined)('as `kubectl kustomize` renders them', () => {
  const rendered = kubectl.error === undefined ? documents(kubectl.stdout) : []
  const maps = rendered.filter(({ kind }) => kind === 'ConfigMap')

  test('all objects are there', () => {
    expect(kubectl.stderr).toBe('')
    const others = rendered.filter(({ kind }) => kind !== 'ConfigMap').map(({ kind }) => kind)
    expect(others.sort()).toEqual(['PodMonitor', 'PrometheusRule', 'ServiceMonitor'])
  })

  test.each(Object.entries(dashboards('native')))('dashboard %s is whole', (page, dashboard) => {
    const map = maps.find(({ metadata }) => metadata.name === `k6-inference-${page}`)
    expect(map.metadata.labels).toEqual({ grafana_dashboard: '1' })
    expect(JSON.parse(map.data[`${page}.json`])).toEqual(JSON.parse(JSON.stringify(dashboard)))
    // The limit of a ConfigMap.
    expect(Buffer.byteLength(map.data[`${page}.json`])).toBeLessThan(2 ** 20)
    expect(maps).toHaveLength(Object.keys(dashboards('native')).length)
  })
})
