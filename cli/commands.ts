import type { Command } from './command.ts'

/** Every command of the CLI: a new one is a line here and a module with `main(argv)`. */
export const COMMANDS: readonly Command[] = [
  {
    name: 'run',
    summary: 'run a scenario and keep results, records and report in one folder',
    load: () => import('./run/index.ts'),
  },
  {
    name: 'report',
    summary: 'make an HTML, Markdown, CSV or JUnit report of a run',
    load: () => import('./report/index.ts'),
  },
  {
    name: 'trace',
    summary: 'inspect, cut and make traces of requests',
    load: () => import('./trace/index.ts'),
  },
  {
    name: 'simulate',
    summary: 'serve a simulated inference server',
    load: () => import('./simulate.ts'),
  },
  {
    name: 'setup',
    summary: 'find or build a k6 that streams',
    load: () => import('./setup.ts'),
  },
  {
    name: 'k8s',
    summary: 'write manifests for k6-operator',
    load: () => import('./k8s/index.ts'),
  },
  {
    name: 'plan',
    summary: 'reckon VUs, CPU, memory and pods for a load',
    load: () => import('./plan/index.ts'),
  },
  {
    name: 'merge',
    summary: 'make one result of the pods that shared a run',
    load: () => import('./merge/index.ts'),
  },
  {
    name: 'compare',
    summary: 'compare runs, or judge one against a baseline',
    load: () => import('./compare/index.ts'),
  },
  {
    name: 'capacity',
    summary: 'find the highest load that keeps the limits',
    load: () => import('./capacity/index.ts'),
  },
  {
    name: 'cost',
    summary: 'what tokens, requests and a month of load cost',
    load: () => import('./cost/index.ts'),
  },
]
