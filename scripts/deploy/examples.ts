import {
  chooseRoute,
  manifestsOf,
  readOptions,
  toYaml,
  type K8sOptions,
  type K8sPlan,
} from '../../cli/k8s/index.ts'

/** The examples in deploy/kubernetes, as command lines of `k6-inference k8s`. */
const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  'chat-spike': [
    ...['chat-spike', '--parallelism', '4', '--separate', '--namespace', 'load-tests'],
    ...['--script', 'image', '--image', 'registry.example.com/k6-inference:0.1.0'],
    ...['-e', 'BASE_URL=http://vllm.inference:8000/v1', '-e', 'RATE=40', '-e', 'SLO_TTFT_P95=800'],
    ...['-e', 'EXPECTED_E2E=3s', '--memory', '1536Mi'],
    ...['--key-secret', 'llm', '--results-claim', 'k6-results'],
    ...['--prometheus', 'http://prometheus.monitoring:9090/api/v1/write'],
  ],
  nightly: [
    ...['chat-steady', '--name', 'nightly', '--parallelism', '2', '--namespace', 'load-tests'],
    ...['--script', 'image', '--image', 'registry.example.com/k6-inference:0.1.0'],
    ...['--collect', '--cli-image', 'registry.example.com/k6-inference-cli:0.1.0'],
    ...['-e', 'BASE_URL=http://vllm.inference:8000/v1', '-e', 'RATE=20', '-e', 'DURATION=10m'],
    ...['-e', 'EXPECTED_E2E=5s', '--memory', '768Mi'],
    ...['--key-secret', 'llm', '--results-claim', 'k6-results'],
    ...['--schedule', '0 2 * * *', '--time-zone', 'Etc/UTC'],
  ],
}

export interface Example {
  /** Name in deploy/kubernetes. */
  file: string
  /** Begins with the command that writes it. */
  text: string
  options: K8sOptions
  plan: K8sPlan
}

/**
 * Each example, written without k6; a test asks k6 whether the memory that it names is enough.
 * @throws Error when a command line of an example is wrong
 */
export function examples(): Example[] {
  return Object.entries(EXAMPLES).map(([name, argv]) => {
    const { options, plan } = planOf(argv)
    const words = argv.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`))
    const { test } = manifestsOf(plan)
    return {
      file: `${name}.yaml`,
      options,
      plan,
      text: `# k6-inference k8s ${words.join(' ')}\n# kubectl create -f ${name}.yaml\n${toYaml(test)}`,
    }
  })
}

/**
 * What a command line asks for, without looking at bundles or asking k6.
 * @throws Error when it is wrong, or lacks `--memory`
 */
export function planOf(argv: readonly string[]): { options: K8sOptions; plan: K8sPlan } {
  const read = readOptions(argv)
  if (!read.ok) throw new Error(read.problems.join('; '))
  const { options } = read
  const files = [{ name: `${options.scenario}.js`, bytes: 0, text: undefined }]
  const { script: asked, claim, name, memory } = options
  const script = chooseRoute({ asked, name, claim, files })
  if ('problem' in script) throw new Error(script.problem)
  if (memory === undefined) throw new Error('needs --memory: it is written without k6')
  return { options, plan: { ...options, files, script, memory } }
}
