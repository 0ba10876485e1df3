import { figure, perEngine, serverMean, serverTokens } from '../engines.ts'
import { formula, page } from '../layout.ts'
import { resolution, since } from '../modes.ts'
import type { Mode } from '../modes.ts'
import { lines, numbers } from '../panels.ts'
import { inFlight, mean, percentile, perSecond, wholeMean } from '../queries.ts'
import { labelVariable, partVariables } from '../variables.ts'

/** What Prometheus scraped: jobs, and parts of them. */
export function scrapedVariables() {
  const part = (name: string, named: string, description: string) =>
    labelVariable(name, name, { among: 'job=~"$job"', all: true, metric: 'up', named, description })
  const description = 'Jobs that Prometheus scrapes: engines, GPUs, hosts'
  return [
    labelVariable('job', 'job', { all: true, metric: 'up', named: 'Scraped jobs', description }),
    part('namespace', 'Namespace', 'On a cluster: namespaces of what is scraped'),
    part('pod', 'Pod', 'On a cluster: pods of what is scraped'),
    part('instance', 'Instance', 'Single replicas: address and port of what is scraped'),
  ]
}

/** What the client sees over what the server says of itself, for every engine with metrics. */
export function clientServer(mode: Mode) {
  return page(mode, {
    uid: 'client-server',
    title: 'LLM client beside server',
    description:
      "The client's figures over the server's own, from its /metrics scraped by Prometheus. Engines that are not there draw nothing.",
    variables: [...partVariables(), ...scrapedVariables()],
    phasesOf: 'testid',
    rows: [
      {
        title: 'Time to first token: client and server',
        panels: [
          lines({
            title: 'Mean TTFT: client and server',
            description: `${formula('llm_ttft')} The server's begins at its tokeniser and ends before its HTTP layer. Means of the last $window seconds; k6 counts a request at its end, the server at its first token, so under changing load the client's line runs behind.`,
            unit: 's',
            targets: [
              { expr: mean(mode, 'llm_ttft'), legend: 'client' },
              ...perEngine((name) => serverMean(name, 'ttft')),
            ],
          }),
          numbers({
            title: 'What network and gateway add to the mean TTFT',
            description:
              "Mean client TTFT - mean server TTFT, both over the whole time range: let it hold the whole run and no other load. Means subtract, percentiles do not. Not over short windows: the server counts a request at its first token, k6 at its end, so while latency changes the two means are of different requests. Failed requests and the preflight are in the server's mean only.",
            unit: 's',
            width: 8,
            height: 8,
            named: true,
            targets: perEngine((name) => {
              const server = serverMean(name, 'ttft', '$__range')
              if (server === undefined) return undefined
              return `${wholeMean(mode, 'llm_ttft')} - on () (${server})`
            }),
          }),
          lines({
            title: `Client TTFT${since(mode)}`,
            description: `${formula('llm_ttft')}\n\n${resolution(mode)}`,
            unit: 's',
            targets: ([0.5, 0.95, 0.99] as const).map((q) => ({
              expr: percentile(mode, 'llm_ttft', q),
              legend: `p${q * 100}`,
            })),
          }),
        ],
      },
      {
        title: 'Where time goes on the server',
        panels: [
          lines({
            title: 'Mean time in the queue',
            description:
              'Growth of the sum / growth of the count of what the engine measures between arrival and start of prefill. Triton: its own queue, one count per model.',
            unit: 's',
            targets: perEngine((name) => serverMean(name, 'queue')),
          }),
          lines({
            title: 'Mean prefill time',
            description:
              'Growth of the sum / growth of the count. vLLM: from scheduling to the first token; SGLang: prefill forward; TGI: a prefill batch.',
            unit: 's',
            targets: perEngine((name) => serverMean(name, 'prefill')),
          }),
          lines({
            title: 'Output tokens per second: client and server',
            description: `${formula('llm_output_tokens')} The server's: growth of its counter of generated tokens. k6 counts when a request ends, servers as they generate.`,
            unit: 'short',
            targets: [
              { expr: perSecond('llm_output_tokens'), legend: 'client' },
              ...perEngine(serverTokens),
            ],
          }),
        ],
      },
      {
        title: 'Queue and memory, of engines that tell',
        folded: true,
        panels: [
          lines({
            title: 'Requests running',
            description:
              "Requests in the engine's batch, added up over replicas (Dynamo: all that its frontend has in flight), beside those that the client has in flight.",
            unit: 'short',
            targets: [
              { expr: inFlight(), legend: 'client, in flight' },
              ...perEngine((name) => figure(name, 'running')),
            ],
          }),
          lines({
            title: 'Requests waiting',
            description: "Requests in the engine's queue, added up over replicas.",
            unit: 'short',
            targets: perEngine((name) => figure(name, 'waiting')),
          }),
          lines({
            title: 'KV-cache use',
            description:
              'Share of the KV cache in use, of the fullest replica. Near 1 requests wait, or are preempted. TGI and Dynamo do not tell; llama.cpp only in older builds.',
            unit: 'percentunit',
            max: 1,
            targets: perEngine((name) => figure(name, 'kvCacheUsage')),
          }),
          lines({
            title: 'Preemptions per second',
            description:
              'Requests that lost their KV cache to others and start anew, growth per second. SGLang: retracted requests.',
            unit: 'short',
            targets: perEngine((name) => figure(name, 'preemptions', true)),
          }),
          lines({
            title: 'Prefix-cache hit rate',
            description:
              'Growth of hits / growth of look-ups, in tokens (trtllm-serve: blocks). SGLang: cached tokens / prompt tokens.',
            unit: 'percentunit',
            max: 1,
            targets: perEngine((name) => {
              const hits = figure(name, 'prefixHits', true)
              const queries = figure(name, 'prefixQueries', true)
              if (hits === undefined || queries === undefined) return undefined
              return `(${hits}) / ((${queries}) > 0)`
            }),
          }),
          lines({
            title: 'Cached share of input, as the client was billed',
            description: `${formula('llm_cached_tokens', 'llm_input_tokens')} Growth of the first / growth of the second.`,
            unit: 'percentunit',
            max: 1,
            targets: [
              {
                expr: `${perSecond('llm_cached_tokens')} / on () (${perSecond('llm_input_tokens')} > 0)`,
                legend: 'cached',
              },
            ],
          }),
        ],
      },
    ],
  })
}
