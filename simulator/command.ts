import { parseArgs } from 'node:util'
import type { LengthSpec } from '../lib/config/index.ts'
import type { FaultRule } from './fault-set.ts'
import { faultKinds } from './faults.ts'
import { readAnswers } from './known-answers.ts'
import { startSimulator } from './server.ts'
import type { SimulatorSettings } from './options.ts'

const help = `A simulated inference server for tests and demonstrations. It speaks every wire format.

  k6-inference simulate [options]

  --port N              port, 0 = any free one (default 8000)
  --host H              address to listen on (default 127.0.0.1)
  --preset P            fixed: no contention; engine: continuous batching (default fixed,
                        engine when an engine option is given)
  --ttft MS             fixed: time to first token (default 100)
  --tpot MS             fixed: time between tokens (default 10)
  --step-base MS        engine: length of a decode step (default 8)
  --per-request MS      engine: what each request in the batch adds to it (default 0.1)
  --per-kv-token MS     engine: what each token of context adds (default 0)
  --prefill-speed N     engine: tokens/s (default 20000)
  --max-batched N       engine: tokens in a step (default 2048)
  --max-running N       engine: requests in the batch (default 64)
  --kv-blocks N         engine: KV-cache blocks of 16 tokens (default 16384)
  --no-prefix-cache     engine: no prefix caching
  --step-noise X        engine: relative standard deviation of a step (default 0)
  --compile MS          engine: a cold server; a step takes so much longer when it is the first of its size
  --model NAME          may be given more than once (default sim-model)
  --max-model-len N     longest prompt and answer together, tokens (default 131072)
  --output N | MEDIAN,SIGMA   length of answers that nothing else fixes, tokens (default 128,0.7)
  --reasoning SHARE     share of the output that is reasoning, 0-1 (default 0)
  --tokenizer T         word, subword, bytepair, byte (default bytepair)
  --template T          none, chatml, llama, qwen (default chatml)
  --api-key KEY         asked for as a bearer token (better: variable SIM_API_KEY)
  --strict              reject fields that OpenAI does not know
  --tokens-per-chunk N  tokens in an event (default 1)
  --close-delimited     no chunks: the end of the connection ends the body
  --cold-start MS       the first request after the start waits this long
  --keep-alive MS       idle connections are closed after this long (default 75000)
  --fault F[:P][:above=N][:after=MS]   fault shown to a share P of the requests (default 1), only
                        while more than N are in flight, from MS after the start; may be repeated
  --answers FILE        right answers, given to prompts that hold their question: JSON lines with
                        question (or prompt) and answer (or expected), such as data/quality/*.jsonl
  --seed N              (default 1)
  --stats               print statistics to stderr at the end
  --help

Faults (also by header x-sim-fault, as "model:fault", and by POST /sim/faults), each as
name[=value][@token], joined with commas:
${Object.entries(faultKinds)
  .map(([name, kind]) => {
    const value = 'value' in kind ? `=${kind.value.meaning} (${kind.value.default})` : ''
    return `  ${(name + value).padEnd(32)} ${kind.what}`
  })
  .join('\n')}
`

const text = { type: 'string' } as const
const flag = { type: 'boolean' } as const
const options = {
  port: text,
  host: text,
  preset: text,
  ttft: text,
  tpot: text,
  'step-base': text,
  'per-request': text,
  'per-kv-token': text,
  'prefill-speed': text,
  'max-batched': text,
  'max-running': text,
  'kv-blocks': text,
  'no-prefix-cache': flag,
  'step-noise': text,
  compile: text,
  model: { type: 'string', multiple: true },
  'max-model-len': text,
  output: text,
  reasoning: text,
  tokenizer: text,
  template: text,
  'api-key': text,
  strict: flag,
  'tokens-per-chunk': text,
  'close-delimited': flag,
  'cold-start': text,
  'keep-alive': text,
  fault: { type: 'string', multiple: true },
  answers: text,
  seed: text,
  stats: flag,
  help: flag,
} as const

function readSettings(
  argv: readonly string[],
): { settings: SimulatorSettings; stats: boolean } | undefined {
  const { values } = parseArgs({ args: [...argv], options })
  if (values.help) return undefined
  function number(name: keyof typeof values): number | undefined {
    const value = values[name]
    if (value === undefined) return undefined
    if (typeof value !== 'string' || value.trim() === '' || !Number.isFinite(Number(value)))
      throw new RangeError(`--${name} is "${String(value)}"; a number is accepted`)
    return Number(value)
  }
  const port = number('port') ?? 8000
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new RangeError(`--port is "${port}"; 0 to 65535 is accepted`)
  const preset = values.preset
  if (preset !== undefined && preset !== 'fixed' && preset !== 'engine')
    throw new RangeError(`--preset is "${preset}"; accepted: fixed, engine`)
  const engine = {
    stepBaseMs: number('step-base'),
    perRequestMs: number('per-request'),
    perKvTokenMs: number('per-kv-token'),
    prefillTokensPerS: number('prefill-speed'),
    maxBatchedTokens: number('max-batched'),
    maxRunning: number('max-running'),
    kvBlocks: number('kv-blocks'),
    prefixCaching: values['no-prefix-cache'] ? false : undefined,
    stepNoise: number('step-noise'),
    compileMs: number('compile'),
  }
  const settings: SimulatorSettings = {
    port,
    host: values.host,
    preset:
      preset ?? (Object.values(engine).some((value) => value !== undefined) ? 'engine' : 'fixed'),
    ttftMs: number('ttft'),
    tpotMs: number('tpot'),
    engine,
    models: values.model,
    maxModelLen: number('max-model-len'),
    outputTokens: readOutput(values.output),
    reasoningShare: number('reasoning'),
    tokenizer: values.tokenizer as SimulatorSettings['tokenizer'],
    template: values.template as SimulatorSettings['template'],
    apiKey: values['api-key'] ?? process.env['SIM_API_KEY'],
    strict: values.strict,
    coldStartMs: number('cold-start'),
    keepAliveMs: number('keep-alive'),
    seed: number('seed'),
    wire: {
      tokensPerChunk: number('tokens-per-chunk'),
      framing: values['close-delimited'] ? 'close' : undefined,
    },
    faults: values.fault?.map(readRule),
    answers: values.answers === undefined ? undefined : readAnswers(values.answers),
  }
  return { settings, stats: values.stats === true }
}

/** `garbled:0.01:above=8`. */
function readRule(text: string): FaultRule {
  const [fault = '', ...parts] = text.split(':')
  const rule: FaultRule = { fault, probability: 1 }
  for (const part of parts) {
    const [name = '', value] = part.split('=')
    if (value === undefined) rule.probability = part === '' ? NaN : Number(part)
    else if (name === 'above') rule.above = Number(value)
    else if (name === 'after') rule.afterMs = Number(value)
    else
      throw new RangeError(`--fault "${text}": "${part}" is none of a share, above=N and after=MS`)
  }
  return rule
}

function readOutput(value: string | undefined): LengthSpec | undefined {
  if (value === undefined) return undefined
  const [first = NaN, sigma] = value.split(',').map(Number)
  if (!(first >= 1) || (sigma !== undefined && !(sigma >= 0)))
    throw new RangeError(`--output is "${value}"; a number, or median and sigma, is accepted`)
  return sigma === undefined
    ? { kind: 'constant', value: first }
    : { kind: 'lognormal', median: first, sigma, min: 1, max: Math.ceil(first * 16) }
}

/** Why nothing can listen there, as a RangeError; any other error as it is. */
function listenProblem(error: unknown, { host, port }: SimulatorSettings): unknown {
  const { code, syscall } = error as NodeJS.ErrnoException
  if (syscall !== 'listen' && syscall !== 'getaddrinfo') return error
  const where = `${host ?? '127.0.0.1'}:${port}`
  return new RangeError(
    code === 'EADDRINUSE'
      ? `${where} is in use by another program; --port 0 takes any free port`
      : `cannot listen on ${where} (${code}); --host names an address of this machine`,
  )
}

/**
 * Serves until SIGINT or SIGTERM.
 * @param argv options as `help` lists them
 * @param write gets the help, or the address once the server listens
 * @returns the exit code, once the server is closed
 * @throws RangeError or parseArgs' error for options that cannot be used, a port in use among them
 */
export async function serve(
  argv: readonly string[],
  write: (text: string) => void = (text) => void process.stdout.write(text),
): Promise<number> {
  const read = readSettings(argv)
  if (read === undefined) {
    write(help)
    return 0
  }
  const simulator = await startSimulator(read.settings).catch((error: unknown) => {
    throw listenProblem(error, read.settings)
  })
  write(`${simulator.url}\n`)
  await new Promise<void>((resolve) => {
    process.once('SIGTERM', resolve)
    process.once('SIGINT', resolve)
  })
  if (read.stats) process.stderr.write(`${JSON.stringify(simulator.stats(), null, 2)}\n`)
  await simulator.close()
  return 0
}
