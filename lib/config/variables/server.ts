import { API_NAMES } from './apis.ts'
import {
  choice,
  endpoint,
  endpoints,
  headers,
  metricsUrls,
  resolve,
  secret,
  word,
  type Variable,
} from './fields.ts'

/** Variables for the server: address, wire format, keys, and its metrics. */
export const serverVariables = {
  BASE_URL: {
    ...endpoint(),
    group: 'server',
    default: 'http://localhost:8000/v1',
    meaning: 'Address of the server, with the path before the operation (`/v1`).',
    example: 'https://llm.example.com/v1',
  },
  BASE_URLS: {
    ...endpoints(),
    group: 'server',
    meaning:
      'Several endpoints that share the requests, with weights; figures of each by the tag `endpoint`.',
    example: 'http://a:8000/v1=3,http://b:8000/v1',
  },
  API: {
    ...choice(...API_NAMES),
    group: 'server',
    default: 'chat',
    meaning: 'Wire format. `chat`: OpenAI chat completions, streamed.',
    example: 'chat',
  },
  API_KEY: {
    ...secret('a key without line breaks'),
    group: 'server',
    meaning: 'Sent as `Authorization: Bearer …`. Never printed, never in results.',
    example: 'sk-…',
    secret: true,
  },
  API_KEY_SECRET: {
    ...word('the name of a secret'),
    group: 'server',
    meaning: 'Name under which a k6 secret source (`--secret-source`) holds the key.',
    example: 'llm-key',
  },
  MODEL: {
    ...word('a model name'),
    group: 'server',
    meaning: 'Model to ask for; without it, the first one that the server lists.',
    example: 'meta-llama/Llama-3.1-8B-Instruct',
  },
  HEADERS: {
    ...headers(),
    group: 'server',
    meaning: 'Extra request headers. Values are treated as secrets.',
    example: 'x-tenant: load-test; x-priority: low',
    secret: true,
  },
  TLS_CERT: {
    ...word('path of a PEM file'),
    group: 'server',
    meaning:
      'Client certificate, with TLS_KEY; found as DATASET is. A private authority is named by `SSL_CERT_FILE`, see docs/network.md.',
    example: 'client.pem',
  },
  TLS_KEY: {
    ...word('path of a PEM file'),
    group: 'server',
    meaning: "The client certificate's private key. `k6 archive` packs it.",
    example: 'client.key',
  },
  RESOLVE: {
    ...resolve(),
    group: 'server',
    meaning:
      'Where names lead, in place of DNS: the name in BASE_URL stays the one that the certificate must have.',
    example: 'llm.example.com=10.0.0.5',
  },
  METRICS_URL: {
    ...metricsUrls(),
    group: 'server',
    meaning:
      "The server's own metrics, polled beside the load; without it, `/metrics` of its host.",
    example: 'http://localhost:8000/metrics',
  },
  GPU_METRICS_URL: {
    ...metricsUrls(),
    group: 'server',
    default: 'off',
    meaning: 'Metrics of a DCGM exporter beside the server, polled for GPU use, power and energy.',
    example: 'http://localhost:9400/metrics',
  },
} as const satisfies Record<string, Variable>
