import type { Command } from './command.ts'

/** Every command of the CLI. A new one is an entry here and a module with `main(argv)`. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'demo',
    summary: 'show a load test of a simulated server, in about a minute',
    load: () => import('./demo/index.ts'),
  },
  {
    name: 'check',
    summary: 'find out what a server is, and what can be measured on it',
    load: () => import('./check/index.ts'),
  },
  {
    name: 'run',
    summary: 'run a scenario; keep its results, records and report in one folder',
    load: () => import('./run/index.ts'),
  },
  {
    name: 'init',
    summary: 'write a script of your own, which k6 runs as it is',
    load: () => import('./init/index.ts'),
  },
  {
    name: 'report',
    summary: 'make an HTML, Markdown, CSV or JUnit report of a run',
    load: () => import('./report/index.ts'),
  },
  {
    name: 'trace',
    summary: 'inspect, cut and create request traces',
    load: () => import('./trace/index.ts'),
  },
  {
    name: 'dataset',
    summary: 'convert prompts of any known form, Parquet too, for DATASET',
    load: () => import('./dataset/index.ts'),
  },
  {
    name: 'simulate',
    summary: 'start a simulated inference server',
    load: () => import('./simulate.ts'),
  },
  {
    name: 'setup',
    summary: 'find or build a k6 that can stream',
    load: () => import('./setup.ts'),
  },
  {
    name: 'k8s',
    summary: 'write manifests for k6-operator; run them and collect the results',
    load: () => import('./k8s/index.ts'),
  },
  {
    name: 'plan',
    summary: 'estimate the VUs, CPU, memory and pods that a load needs',
    load: () => import('./plan/index.ts'),
  },
  {
    name: 'merge',
    summary: 'merge the pods of a run into one result',
    load: () => import('./merge/index.ts'),
  },
  {
    name: 'compare',
    summary: 'compare runs, or judge a run against a baseline',
    load: () => import('./compare/index.ts'),
  },
  {
    name: 'judge',
    summary: 'let a language model grade the answers that a run kept',
    load: () => import('./judge/index.ts'),
  },
  {
    name: 'providers',
    summary: 'send the same prompts to several providers, and compare them',
    load: () => import('./providers/index.ts'),
  },
  {
    name: 'frontier',
    summary: 'set the quality of several results against their speed and cost',
    load: () => import('./frontier/index.ts'),
  },
  {
    name: 'capacity',
    summary: 'find the highest load that keeps the limits',
    load: () => import('./capacity/index.ts'),
  },
  {
    name: 'cost',
    summary: 'compute what tokens, requests and a month of load cost',
    load: () => import('./cost/index.ts'),
  },
]
