import { ENGINES } from '../../../lib/server-metrics/index.ts'
import { figure, perEngine, SCRAPED } from '../engines.ts'
import { page } from '../layout.ts'
import type { Mode } from '../modes.ts'
import { bars, lines, numbers } from '../panels.ts'
import type { Target } from '../panels.ts'
import { busyVus, highest, perSecond, RUN, WINDOW } from '../queries.ts'
import { scrapedVariables } from './client-server.ts'
import { partVariables } from '../variables.ts'

const rate = (metric: string, where = SCRAPED) => `rate(${metric}{${where}}[${WINDOW}])`
const REAL_DISK = `${SCRAPED},device!~"loop.*|ram.*"`
const REAL_NET = `${SCRAPED},device!~"lo|veth.*|docker.*|cni.*|cali.*"`

const any = (expressions: readonly (string | undefined)[]) =>
  expressions.filter((one) => one !== undefined).join(' or ')
const engines = (of: (name: (typeof ENGINES)[number]['name']) => string | undefined) =>
  `max (${any(ENGINES.map(({ name }) => labelled(of(name), name)))})`
/** `or` keeps the first of equal label sets: without a label of its own an engine would hide the rest. */
const labelled = (expr: string | undefined, name: string) =>
  expr && `label_replace(${expr}, "engine", "${name}", "", "")`

/** How full each resource is, 0-1. */
const RESOURCES: readonly Target[] = [
  { legend: 'KV cache', expr: engines((name) => figure(name, 'kvCacheUsage')) },
  {
    legend: 'GPU busy (a kernel runs)',
    expr: `max (DCGM_FI_DEV_GPU_UTIL{${SCRAPED}}) / 100`,
  },
  { legend: 'GPU memory bandwidth', expr: `max (DCGM_FI_PROF_DRAM_ACTIVE{${SCRAPED}})` },
  { legend: 'GPU tensor cores', expr: `max (DCGM_FI_PROF_PIPE_TENSOR_ACTIVE{${SCRAPED}})` },
  {
    legend: 'Host CPU',
    expr: `max (1 - avg by (instance) (${rate('node_cpu_seconds_total', `${SCRAPED},mode="idle"`)}))`,
  },
  {
    legend: 'Host memory',
    expr: `max (1 - node_memory_MemAvailable_bytes{${SCRAPED}} / node_memory_MemTotal_bytes{${SCRAPED}})`,
  },
  { legend: 'Disk busy', expr: `max (${rate('node_disk_io_time_seconds_total', REAL_DISK)})` },
  ...(['receive', 'transmit'] as const).map((direction) => ({
    legend: `Network, ${direction}`,
    expr: `max (${rate(`node_network_${direction}_bytes_total`, REAL_NET)} / on (instance, device) (node_network_speed_bytes{${REAL_NET}} > 0))`,
  })),
  {
    legend: 'Client (VUs with a request)',
    expr: `(${busyVus()}) / sum (last_over_time(k6_vus_max{${RUN}}[${WINDOW}]) > 0)`,
  },
]

const BOTTLENECK = `topk(1, ${RESOURCES.map(
  ({ expr, legend }) => `label_replace(${highest(expr)}, "resource", "${legend}", "", "")`,
).join(' or ')})`

/** Machines under the server, and which of their resources runs out first. */
export function hosts(mode: Mode) {
  return page(mode, {
    uid: 'hosts',
    title: 'LLM hosts and GPUs',
    description:
      'GPUs (dcgm-exporter), hosts (node_exporter) and containers (cAdvisor) beside the run. What is not scraped draws nothing.',
    variables: [...partVariables(), ...scrapedVariables()],
    phasesOf: 'testid',
    rows: [
      {
        title: 'Bottleneck',
        panels: [
          numbers({
            title: 'Fullest resource',
            description:
              'The largest of the shares beside it, each at its fullest in the time range. GPU memory is left out: engines reserve it at their start. A GPU is "busy" whenever a kernel runs, so look at bandwidth and tensor cores before calling it the limit.',
            unit: 'percentunit',
            width: 8,
            height: 9,
            decimals: 0,
            warnAt: 0.8,
            badAt: 0.95,
            named: true,
            targets: [{ expr: BOTTLENECK, legend: '{{resource}}' }],
          }),
          bars({
            title: 'How full each resource is',
            description:
              'Share in use of the fullest instance, at its fullest in the time range. Decode is usually bound by memory bandwidth, prefill by tensor cores; a full KV cache makes requests wait with the GPU far from busy; VUs near 100 % in an open loop mean that the client is the limit (a closed loop uses all by design).',
            unit: 'percentunit',
            width: 16,
            height: 9,
            max: 1,
            warnAt: 0.8,
            badAt: 0.95,
            targets: RESOURCES.map(({ expr, legend }) => ({ expr: highest(expr), legend })),
          }),
          lines({
            title: 'Waiting share on the server',
            description:
              'Waiting / (running + waiting) requests: above 0 for long, the server is past what it can take.',
            unit: 'percentunit',
            width: 24,
            height: 6,
            max: 1,
            targets: perEngine((name) => {
              const waiting = figure(name, 'waiting')
              const running = figure(name, 'running')
              if (waiting === undefined || running === undefined) return undefined
              return `(${waiting}) / (((${waiting}) + (${running})) > 0)`
            }),
          }),
        ],
      },
      { title: 'GPUs (dcgm-exporter)', panels: gpuPanels() },
      {
        title: 'Hosts and containers (node_exporter, cAdvisor)',
        folded: true,
        panels: hostPanels(),
      },
    ],
  })
}

function gpuPanels() {
  const each = (title: string, description: string, unit: string, expr: string, max?: number) =>
    lines({
      title,
      description,
      unit,
      ...(max === undefined ? {} : { max }),
      targets: [{ expr, legend: '{{Hostname}} GPU {{gpu}}' }],
    })
  const energy = `sum (${rate('DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION')}) / 1000`
  return [
    each(
      'GPU utilisation',
      'DCGM_FI_DEV_GPU_UTIL: share of time with a kernel running.',
      'percentunit',
      `DCGM_FI_DEV_GPU_UTIL{${SCRAPED}} / 100`,
      1,
    ),
    each(
      'GPU memory used',
      'DCGM_FI_DEV_FB_USED: frame buffer in use, MiB made bytes.',
      'bytes',
      `DCGM_FI_DEV_FB_USED{${SCRAPED}} * 1048576`,
    ),
    each(
      'GPU power',
      'DCGM_FI_DEV_POWER_USAGE: power drawn now.',
      'watt',
      `DCGM_FI_DEV_POWER_USAGE{${SCRAPED}}`,
    ),
    each(
      'Memory bandwidth in use',
      'DCGM_FI_PROF_DRAM_ACTIVE: share of cycles in which device memory moves data; what decoding is bound by.',
      'percentunit',
      `DCGM_FI_PROF_DRAM_ACTIVE{${SCRAPED}}`,
      1,
    ),
    each(
      'GPU temperature',
      'DCGM_FI_DEV_GPU_TEMP. Beyond the card’s limit it slows its clock.',
      'celsius',
      `DCGM_FI_DEV_GPU_TEMP{${SCRAPED}}`,
    ),
    lines({
      title: 'Joules per output token',
      description:
        'Growth of DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION (mJ), all GPUs / growth of output tokens received (llm_output_tokens). Idle power counts too, so tokens are dear where there are few.',
      unit: 'joule',
      targets: [
        {
          expr: `${energy} / on () (${perSecond('llm_output_tokens')} > 0)`,
          legend: 'joules per token',
        },
      ],
    }),
    lines({
      title: 'Tokens per joule',
      description: 'Output tokens received / energy of all GPUs, growth of both.',
      unit: 'short',
      targets: [
        {
          expr: `${perSecond('llm_output_tokens')} / on () (${energy} > 0)`,
          legend: 'tokens a joule',
        },
      ],
    }),
  ]
}

function hostPanels() {
  const each = (
    title: string,
    description: string,
    unit: string,
    targets: Target[],
    max?: number,
  ) => lines({ title, description, unit, targets, ...(max === undefined ? {} : { max }) })
  return [
    each(
      'CPU',
      'node_exporter: 1 - idle share, mean of the cores of a host.',
      'percentunit',
      [
        {
          expr: `1 - avg by (instance) (${rate('node_cpu_seconds_total', `${SCRAPED},mode="idle"`)})`,
          legend: '{{instance}}',
        },
      ],
      1,
    ),
    each(
      'Memory',
      'node_exporter: 1 - available / total.',
      'percentunit',
      [
        {
          expr: `1 - node_memory_MemAvailable_bytes{${SCRAPED}} / node_memory_MemTotal_bytes{${SCRAPED}}`,
          legend: '{{instance}}',
        },
      ],
      1,
    ),
    each('Disk', 'node_exporter: bytes read and written a second.', 'Bps', [
      {
        expr: `sum by (instance) (${rate('node_disk_read_bytes_total', REAL_DISK)})`,
        legend: '{{instance}} read',
      },
      {
        expr: `sum by (instance) (${rate('node_disk_written_bytes_total', REAL_DISK)})`,
        legend: '{{instance}} written',
      },
    ]),
    each('Network', 'node_exporter: bytes a second over real devices.', 'Bps', [
      {
        expr: `sum by (instance) (${rate('node_network_receive_bytes_total', REAL_NET)})`,
        legend: '{{instance}} in',
      },
      {
        expr: `sum by (instance) (${rate('node_network_transmit_bytes_total', REAL_NET)})`,
        legend: '{{instance}} out',
      },
    ]),
    each('Container CPU', 'cAdvisor: cores in use, by pod.', 'short', [
      {
        expr: `sum by (namespace, pod) (${rate('container_cpu_usage_seconds_total', `${SCRAPED},container!=""`)})`,
        legend: '{{namespace}}/{{pod}}',
      },
    ]),
    each('Container memory', 'cAdvisor: working set, by pod.', 'bytes', [
      {
        expr: `sum by (namespace, pod) (container_memory_working_set_bytes{${SCRAPED},container!=""})`,
        legend: '{{namespace}}/{{pod}}',
      },
    ]),
  ]
}
