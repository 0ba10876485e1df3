import { parse, stringify } from 'yaml'
import { alertRules } from './alerts.ts'
import type { Mode } from './modes.ts'

/** Dashboards on clusters are those of native histograms, as `k6-inference k8s --prometheus` sends them. */
const MODE: Mode = 'native'

/** The label by which the Prometheus of kube-prometheus-stack, as it is installed, finds its objects. */
const FOUND_BY = { release: 'kube-prometheus-stack' }
/** The label by which Grafana's sidecar finds dashboards, as it is installed. */
const DASHBOARD = { grafana_dashboard: '1' }

const text = (objects: readonly object[]) =>
  objects.map((object) => stringify(object, { lineWidth: 0, version: '1.1' })).join('---\n')

/**
 * The dashboards and alerts as objects of a cluster, tied together by Kustomize: the dashboards' files
 * stay where they are. Paths from `grafana/` to contents.
 *
 * @param pages names of the dashboards
 */
export function kubernetesFiles(pages: readonly string[]): Record<string, string> {
  const resources = {
    'kubernetes/prometheus-rule.yaml': text([prometheusRule()]),
    'kubernetes/monitors.yaml': text([engines(), gpus()]),
  }
  return {
    ...resources,
    'kustomization.yaml': `# kubectl apply --server-side -n monitoring -k grafana\n${text([
      {
        apiVersion: 'kustomize.config.k8s.io/v1beta1',
        kind: 'Kustomization',
        generatorOptions: { disableNameSuffixHash: true, labels: DASHBOARD },
        configMapGenerator: pages.map((page) => ({
          name: `k6-inference-${page}`,
          files: [`dashboards/${MODE}/${page}.json`],
        })),
        resources: Object.keys(resources),
      },
    ])}`,
  }
}

function prometheusRule(): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'k6-inference', labels: FOUND_BY },
    spec: parse(alertRules()) as object,
  }
}

/**
 * Pods of inference servers: any with the label and a port named `http`. vLLM, SGLang, TGI, llama.cpp and
 * Dynamo answer at /metrics; for trtllm-serve the path is /prometheus/metrics.
 */
function engines(): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PodMonitor',
    metadata: { name: 'k6-inference-engines', labels: FOUND_BY },
    spec: {
      namespaceSelector: { any: true },
      selector: { matchLabels: { 'k6-inference/scrape': 'engine' } },
      podMetricsEndpoints: [{ port: 'http', path: '/metrics', interval: '5s' }],
    },
  }
}

/** GPUs, by dcgm-exporter as its chart and the GPU operator install it. */
function gpus(): object {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: { name: 'k6-inference-gpus', labels: FOUND_BY },
    spec: {
      namespaceSelector: { any: true },
      selector: {
        matchExpressions: [
          { key: 'app', operator: 'In', values: ['nvidia-dcgm-exporter', 'dcgm-exporter'] },
        ],
      },
      endpoints: [{ targetPort: 9400, path: '/metrics', interval: '5s', honorLabels: true }],
    },
  }
}
