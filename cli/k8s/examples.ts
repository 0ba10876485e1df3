import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { manifestsOf, toYaml } from './manifests.ts'
import { readOptions, type K8sOptions } from './options.ts'
import { chooseRoute } from './route.ts'

const FOLDER = fileURLToPath(new URL('../../deploy/kubernetes', import.meta.url))

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
}

/**
 * Each example, written without k6; a test asks k6 whether the memory that it names is enough.
 * @throws Error when a command line of an example is wrong
 */
export function examples(): Example[] {
  return Object.entries(EXAMPLES).map(([name, argv]) => {
    const read = readOptions(argv)
    if (!read.ok) throw new Error(`${name}: ${read.problems.join('; ')}`)
    const { options } = read
    const files = [{ name: `${options.scenario}.js`, bytes: 0, text: undefined }]
    const { script: asked, claim } = options
    const script = chooseRoute({ asked, name: options.name, claim, files })
    if ('problem' in script) throw new Error(script.problem)
    const words = argv.map((word) => (/^[\w./:=-]+$/.test(word) ? word : `'${word}'`))
    const { memory } = options
    if (memory === undefined)
      throw new Error(`${name}: an example needs --memory: it is written without k6`)
    const { test } = manifestsOf({ ...options, files, script, memory })
    return {
      file: `${name}.yaml`,
      options,
      text: `# k6-inference k8s ${words.join(' ')}\n# kubectl create -f ${name}.yaml\n${toYaml(test)}`,
    }
  })
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  await mkdir(FOLDER, { recursive: true })
  for (const { file, text } of examples()) await writeFile(path.join(FOLDER, file), text)
}
