import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latencyLimits } from '../../lib/metrics/index.ts'
import {
  configErrorText,
  createSecret,
  describeVariables,
  parseConfig,
  problemText,
  publicConfig,
  type Config,
  type ParseInput,
  type PathKind,
} from '../../lib/config/index.ts'

const parse = (env: Record<string, string>, more: Partial<ParseInput> = {}) =>
  parseConfig({ scenario: 'chat-spike', env, ...more })

function config(env: Record<string, string>, more: Partial<ParseInput> = {}): Config {
  const result = parse(env, more)
  if (!result.ok) throw new Error(configErrorText(result.problems))
  return result.config
}

function problems(env: Record<string, string>, more: Partial<ParseInput> = {}) {
  const result = parse(env, more)
  return result.ok ? [] : result.problems.map(({ variable }) => variable)
}

const warned = (env: Record<string, string>, more: Partial<ParseInput> = {}) =>
  parse(env, more).warnings.map(({ variable }) => variable)

describe('where a value comes from', () => {
  it('an empty environment is a whole configuration without warnings', () => {
    for (const shape of ['steady', 'ramp', 'spike'] as const) {
      expect(parse({}, { shape })).toMatchObject({ ok: true, warnings: [] })
    }
    expect(config({}).endpoint.baseUrl).toBe('http://localhost:8000/v1')
  })

  it('environment before scenario default before default', () => {
    const defaults = { RATE: 5, WARMUP: '20s', PREFLIGHT: false }
    const { load, preflight } = config({ RATE: '7' }, { defaults })
    expect(load).toMatchObject({ rate: 7, warmupMs: 20_000, durationMs: 60_000 })
    expect(preflight).toBe(false)
    expect(config({ RATE: '7' }, { defaults }).given).toEqual(['RATE'])
  })

  it('an empty value is none', () => {
    expect(config({ RATE: '', MODEL: '  ' })).toMatchObject({ model: undefined, load: { rate: 2 } })
  })

  it('says whose value is wrong', () => {
    const result = parse({}, { defaults: { RATE: 'fast' } })
    expect(result).toMatchObject({
      ok: false,
      problems: [{ variable: 'RATE', value: 'fast', source: 'scenario default' }],
    })
  })

  it('reads nothing from the prototype of the environment', () => {
    const env = Object.create({ RATE: 'ten' }) as Record<string, string>
    expect(problems(env)).toEqual([])
  })
})

describe('open or closed loop', () => {
  it.each([
    [{}, {}, 'open'],
    [{ CONCURRENCY: '4' }, {}, 'closed'],
    [{ PEAK_CONCURRENCY: '40' }, {}, 'closed'],
    [{ RATE: '4' }, { CONCURRENCY: 4 }, 'open'],
    [{}, { CONCURRENCY: 4 }, 'closed'],
    [{ CONCURRENCY: '4' }, { RATE: 4 }, 'closed'],
    [{}, { RATE: 4, CONCURRENCY: 4 }, 'open'],
  ])('%j over %j: %s', (env, defaults, loop) => {
    expect(config(env as Record<string, string>, { defaults }).load.loop).toBe(loop)
  })

  it.each([
    { RATE: '4', CONCURRENCY: '4' },
    { PEAK_RATE: '9', PEAK_CONCURRENCY: '9' },
  ])('refuses both: %j', (env) => {
    expect(problems(env as unknown as Record<string, string>)).toHaveLength(1)
  })
})

describe('values together', () => {
  it('a peak follows its base when it is a multiple', () => {
    expect(config({ RATE: '0.5', PEAK_RATE: '5x' }).load.peakRate).toBe(2.5)
    expect(config({ RATE: '50' }).load.peakRate).toBe(200)
    expect(config({ CONCURRENCY: '3', PEAK_CONCURRENCY: '1.5x' }).load.peakConcurrency).toBe(5)
  })

  it.each<[Record<string, string>, Partial<ParseInput>, string[]]>([
    [{ RATE: '10', PEAK_RATE: '5' }, { shape: 'spike' }, ['PEAK_RATE']],
    [{ RATE: '10', PEAK_RATE: '10' }, { shape: 'spike' }, []],
    [{ RATE: '10', PEAK_RATE: '5' }, { shape: 'steady' }, []],
    [{ RATE: '90000', PEAK_RATE: '2x' }, { shape: 'spike' }, ['PEAK_RATE']],
    [{ CONCURRENCY: '10', PEAK_CONCURRENCY: '5' }, {}, ['PEAK_CONCURRENCY']],
    [{ CONCURRENCY: '10', MAX_VUS: '20' }, {}, ['MAX_VUS']],
    [{ CONCURRENCY: '10', MAX_VUS: '20' }, { shape: 'steady' }, []],
    [{ RATE: '10', MAX_VUS: '1' }, {}, []],
    [{ WARMUP: '500ms' }, {}, ['WARMUP']],
    [{ RECOVERY_DURATION: '500ms' }, { shape: 'spike' }, ['RECOVERY_DURATION']],
    [{ RECOVERY_DURATION: '500ms' }, { shape: 'steady' }, []],
    [{ EXPECTED_E2E: '6m' }, {}, ['TIMEOUT_TOTAL']],
    [{ EXPECTED_E2E: '6m', TIMEOUT_TOTAL: '7m' }, {}, []],
    ...[
      '{',
      '[]',
      '"a"',
      '{"stream": false}',
      '{"model": "x"}',
      '{"messages": null}',
      '{"n": 2}',
    ].map((BODY): [Record<string, string>, Partial<ParseInput>, string[]] => [
      { BODY },
      {},
      ['BODY'],
    ]),
    [{ BODY: '{"max_tokens": 5}' }, {}, ['BODY']],
    [{ BODY: '{"options": {"num_predict": 5}}' }, {}, ['BODY']],
    [{ BODY: '{"max_tokens": null, "top_p": 0.9, "user": "load"}' }, {}, []],
    [{ CANCEL_SHARE: '5%', CANCEL_AFTER: '20' }, {}, ['CANCEL_AFTER']],
    [{ CANCEL_SHARE: '5%', CANCEL_AFTER: '0 tokens' }, {}, ['CANCEL_AFTER']],
    [{ CANCEL_SHARE: '5%', CANCEL_AFTER: '0' }, {}, ['CANCEL_AFTER']],
    [{ CANCEL_SHARE: '5%', CANCEL_AFTER: '1 token' }, {}, []],
    [{ CANCEL_SHARE: '5%', CANCEL_AFTER: '1.5s', API: 'embeddings' }, {}, []],
    [{ CANCEL_SHARE: '5%', API: 'embeddings' }, {}, ['CANCEL_AFTER']],
    [{ MAX_SPEND: '5' }, {}, ['PRICE_OUTPUT_TOKENS']],
    [{ MAX_SPEND: '5', PRICE_OUTPUT_TOKENS: '0' }, {}, ['PRICE_OUTPUT_TOKENS']],
    [{ MAX_SPEND: '5', PRICE_OUTPUT_TOKENS: '2' }, {}, []],
    [{ API_KEY: 'k', HEADERS: 'Authorization: Basic eA==' }, {}, ['HEADERS']],
    [{ SLO_DIVERGENCE: '1%' }, {}, ['COMPARED_SHARE']],
    [{ KEEP_ANSWERS: '5%' }, {}, ['RECORDS']],
    [{ KEEP_ANSWERS: '5%', RECORDS: 'on' }, {}, []],
    [{ REDACT: '(' }, {}, ['REDACT']],
    [{ REDACT: 'x*' }, {}, ['REDACT']],
    [{ KEEP_ANSWERS: '2', RECORDS: 'on' }, {}, ['KEEP_ANSWERS']],
    [{ KEEP_ANSWERS: '1', RECORDS: 'on', API: 'embeddings' }, {}, ['KEEP_ANSWERS']],
    [{ COMPARED_SHARE: '20%' }, {}, ['TEMPERATURE']],
    [{ COMPARED_SHARE: '20%', TEMPERATURE: '0.2' }, {}, ['TEMPERATURE']],
    [{ COMPARED_SHARE: '20%', TEMPERATURE: '0', SLO_DIVERGENCE: '1%' }, {}, []],
    [{ COMPARED_SHARE: '20%', API: 'embeddings' }, {}, ['COMPARED_SHARE']],
    [{ COMPARED_SHARE: '20%', TEMPERATURE: '0' }, { shape: 'cold-start' }, ['COMPARED_SHARE']],
  ])('%j %j: %j', (env, more, expected) => expect(problems(env, more)).toEqual(expected))

  it.each<[Record<string, string>, Partial<ParseInput>, string[]]>([
    [{ WARMUP: '5s' }, {}, ['WARMUP']],
    [{ WARMUP: '0' }, {}, []],
    [{ WARMUP: '5m', DURATION: '1m' }, {}, ['WARMUP']],
    [{ PRICE_INPUT_TOKENS: '2' }, {}, ['PRICE_INPUT_TOKENS']],
    [{ CANCEL_AFTER: '2s' }, {}, ['CANCEL_AFTER']],
    [{ DRAIN: '1s' }, {}, ['DRAIN']],
    [{ DRAIN: '1m' }, {}, ['DRAIN']],
    [{ DRAIN: '1m', TIMEOUT_TOTAL: '1m' }, {}, []],
    [{ TIMEOUT_IDLE: '10m' }, {}, ['TIMEOUT_IDLE']],
    [{ SLO_TTFT_P95: '900', SLO_TTFT_P99: '800' }, {}, ['SLO_TTFT_P99']],
    [{ SLO_GOODPUT: '0.9' }, {}, ['SLO_GOODPUT']],
    [{ SLO_GOODPUT: '0.9', SLO_TTFT_P95: '800' }, {}, []],
    [{ GRADER: 'number' }, {}, ['GRADER']],
    [{ REDACT: '\\d+', RECORDS: 'on' }, {}, ['REDACT']],
    [{ REDACT: '\\d+', RECORDS: 'on', KEEP_ANSWERS: '1' }, {}, []],
    [{ REDACT: '\\d+', RECORDS: 'text' }, {}, []],
    [{ ARRIVALS_SEED: '2' }, {}, ['ARRIVALS_SEED']],
    [{ ARRIVALS_SEED: '2', ARRIVALS: 'poisson' }, {}, []],
    [{ GRADER: 'number', GRADED_SHARE: '1' }, {}, []],
    [{ IDLE_PROMPTS: '9' }, {}, ['IDLE_PROMPTS']],
    [{ IDLE_PROMPTS: '9', COMPARED_SHARE: '1', TEMPERATURE: '0' }, {}, []],
    [{ SLO_GOODPUT: '0.9', SLO_TTFT_MEAN: '800' }, {}, ['SLO_GOODPUT']],
    [{ SLO_E2E_DUE_P50: '900', SLO_E2E_DUE_P90: '800' }, {}, ['SLO_E2E_DUE_P90']],
    [{ SLO_TTFT_P95: '900', SLO_E2E_P99: '800', SLO_TTFT_MEAN: '100' }, {}, []],
    [{ PEAK_RATE: '9' }, { shape: 'steady' }, ['PEAK_RATE']],
    [{ PEAK_RATE: '9' }, {}, []],
    [{ BASE_URL: 'http://localhost:8000' }, {}, ['BASE_URL']],
    [{ CONCURRENCY: '4', INPUT_TOKENS: '100', OUTPUT_TOKENS: '100' }, {}, ['OUTPUT_TOKENS']],
    [
      { CONCURRENCY: '4', INPUT_TOKENS: '100', OUTPUT_TOKENS: 'uniform(9,9)' },
      {},
      ['OUTPUT_TOKENS'],
    ],
    [{ CONCURRENCY: '4', INPUT_TOKENS: '100', OUTPUT_TOKENS: '100', IGNORE_EOS: 'off' }, {}, []],
    [{ CONCURRENCY: '4', INPUT_TOKENS: '100' }, {}, []],
    [{ RATE: '4', INPUT_TOKENS: '100', OUTPUT_TOKENS: '100' }, {}, []],
  ])('warns of %j %j: %j', (env, more, expected) => expect(warned(env, more)).toEqual(expected))

  it('an unreadable value silences the checks that need it, and no others', () => {
    expect(problems({ RATE: 'x', PEAK_RATE: '1', CONCURRENCY: '2', MODEL: 'a\nb' })).toEqual([
      'MODEL',
      'RATE',
      'CONCURRENCY',
    ])
  })

  it('a deadline is never longer than the whole', () => {
    const { deadlines, load } = config({ TIMEOUT_TOTAL: '20s' })
    expect(deadlines).toEqual({
      connectMs: 10_000,
      firstTokenMs: 20_000,
      idleMs: 20_000,
      wholeMs: 20_000,
    })
    expect(load.drainMs).toBe(21_000)
  })
})

describe('names that are almost ours', () => {
  it.each([
    ['RATES', 'RATE'],
    ['rate', 'RATE'],
    ['BASEURL', 'BASE_URL'],
    ['BASE-URL', 'BASE_URL'],
    ['URL_BASE', 'BASE_URL'],
    ['CONCURENCY', 'CONCURRENCY'],
    ['APIKEY', 'API_KEY'],
    ['TOKENS_OUTPUT', 'OUTPUT_TOKENS'],
    ['WARM_UP', 'WARMUP'],
  ])('%s: did you mean %s?', (given, ours) => {
    const result = parse({ [given]: 'x' })
    expect(result.ok).toBe(true)
    expect(result.warnings).toHaveLength(1)
    expect(result.warnings[0]!.message).toContain(`did you mean ${ours}?`)
  })

  it('leaves the rest of a shell alone', () => {
    const shell =
      'PATH HOME USER LANG TERM SHELL PWD OLDPWD SHLVL LOGNAME MAIL EDITOR PAGER DISPLAY HOSTNAME ' +
      'DATE NAME LESS LS_COLORS XDG_RUNTIME_DIR SSH_AUTH_SOCK KUBERNETES_SERVICE_HOST _ GOPATH ' +
      'K6_DURATION K6_API_KEY NODE_ENV npm_config_cache CI GITHUB_ACTIONS VIRTUAL_ENV OPENAI_API_KEY'
    expect(warned(Object.fromEntries(shell.split(' ').map((name) => [name, 'x'])))).toEqual([])
  })

  it('does not look at values, nor at empty ones', () => {
    expect(JSON.stringify(parse({ API_KEYS: 'hunter2' }))).not.toContain('hunter2')
    expect(warned({ API_KEYS: '' })).toEqual([])
  })
})

describe('names that must not pass', () => {
  const problem = (name: string, more: Partial<ParseInput> = {}) => {
    const result = parse({ [name]: '800' }, more)
    return result.ok
      ? undefined
      : result.problems.map(({ variable, message }) => [variable, message])
  }

  it.each([
    ['SLO_TTFT', 'SLO_TTFT_P50, SLO_TTFT_P90, SLO_TTFT_P95, SLO_TTFT_P99, SLO_TTFT_MEAN'],
    ['TTFT_SLO', 'SLO_TTFT_P90, SLO_TTFT_P50, SLO_TTFT_P95, SLO_TTFT_P99, SLO_TTFT_MEAN'],
    ['SLO_TTTF_P95', 'SLO_TTFT_P95'],
    ['SLO_TTFT_P75', 'SLO_TTFT_P95'],
    ['SLO_TTFT_AVG', 'SLO_TTFT_MEAN'],
    ['SLO_P95_TTFT', 'SLO_TTFT_P95'],
    ['SLO_ERROR_RATES', 'SLO_ERROR_RATE'],
    ['SLO_DUE_E2E_P99', 'SLO_E2E_DUE_P99'],
    ['slo_ttft_p95', 'SLO_TTFT_P95'],
    ['GOODPUT_SLO', 'SLO_GOODPUT'],
    ['SLO_' + 'X'.repeat(500), 'SLO_'],
  ])('%s is no limit: did you mean %s?', (name, near) => {
    const [[variable, message] = []] = problem(name) ?? []
    expect(variable).toBe(name)
    for (const one of near.split(', ')) expect(message).toContain(one)
    expect(message!.length).toBeLessThan(200)
  })

  it('are told with all other problems, and not where nobody asked for a look at names', () => {
    expect(problems({ SLO_TTFT: '1', RATE: 'x', MY_SLO: '2' })).toEqual([
      'SLO_TTFT',
      'MY_SLO',
      'RATE',
    ])
    expect(problem('SLO_TTFT', { hints: false })).toBeUndefined()
    expect(parse({ SLO_TTFT: '' }).ok).toBe(true)
  })

  it.each(['K6_VUS', 'K6_DURATION', 'K6_ITERATIONS', 'K6_STAGES'])('%s', (name) => {
    expect(problem(name)).toEqual([[name, expect.stringContaining('in place of the load')]])
  })
})

describe('limits', () => {
  it('can be set on five statistics of every latency', () => {
    for (const { variable, field } of latencyLimits()) {
      const { slo } = config({ [variable]: '1.5s' })
      expect(slo).toEqual({
        [field]: 1500,
        errorRate: 0.01,
        errorRateBuiltIn: true,
        goodput: undefined,
      })
    }
  })

  it('tell an error rate that somebody set from the built-in one', () => {
    expect(config({}).slo.errorRateBuiltIn).toBe(true)
    expect(config({ SLO_ERROR_RATE: '1%' }).slo.errorRateBuiltIn).toBe(false)
    expect(config({}, { defaults: { SLO_ERROR_RATE: '2%' } }).slo.errorRateBuiltIn).toBe(false)
  })
})

describe('the folder for results', () => {
  const look = (kind: PathKind) => ({ lookAt: () => kind })

  it.each<[Record<string, string>, PathKind, string[], string | undefined]>([
    [{ RESULTS: 'out/' }, 'folder', [], 'out'],
    [{ RESULTS: 'out' }, 'unknown', [], 'out'],
    [{ RESULTS: 'out' }, 'nothing', ['RESULTS'], undefined],
    [{ RESULTS: 'out' }, 'not a folder', ['RESULTS'], undefined],
    [{ RESULTS: 'none' }, 'nothing', [], undefined],
    [{ RESULTS: 'out', FORMATS: 'none' }, 'not a folder', [], 'out'],
    [{}, 'folder', [], 'results'],
    [{}, 'not a folder', ['RESULTS'], undefined],
    [{}, 'nothing', [], undefined],
  ])('%j, where there is %s: %j', (env, kind, expected, resultsDir) => {
    const more = look(kind)
    expect(problems(env, more)).toEqual(expected)
    if (expected.length === 0) expect(config(env, more).resultsDir).toBe(resultsDir)
  })

  it('of the default is only warned of when it is not there', () => {
    expect(warned({}, look('nothing'))).toEqual(['RESULTS'])
    expect(warned({}, look('unknown'))).toEqual([])
    expect(problems({ RESULTS: 'out', RATE: 'x' }, look('nothing'))).toEqual(['RATE', 'RESULTS'])
  })
})

describe('secrets', () => {
  const secrets = {
    API_KEY: 'sk-hunter2',
    HEADERS: 'x-token: hunter2; x-other: hunter2',
    BODY: '{"top_p": 0.5, "provider": {"api_key": "hunter2", "order": ["a"]}}',
  }

  it('are at hand where they are used', () => {
    const { apiKey, headers } = config(secrets)
    expect(apiKey?.reveal()).toBe('sk-hunter2')
    expect(headers).toEqual({ 'x-token': 'hunter2', 'x-other': 'hunter2' })
  })

  it('are not in what is shown', () => {
    const shown = publicConfig(config(secrets))
    expect(JSON.stringify(shown)).not.toContain('hunter2')
    expect(shown).toMatchObject({ apiKey: 'set', headers: { 'x-token': '***', 'x-other': '***' } })
    expect(shown.body).toEqual({ top_p: 0.5, provider: { api_key: '***', order: ['a'] } })
    expect(publicConfig(config({})).apiKey).toBeUndefined()
  })

  it('hide in strings, JSON and listings', () => {
    const secret = createSecret('hunter2')
    const texts = [
      `${secret}`,
      String(secret),
      JSON.stringify({ secret }),
      Object.values(secret).join(),
    ]
    for (const text of texts) expect(text).not.toContain('hunter2')
    expect(JSON.stringify({ secret })).toBe('{"secret":"***"}')
  })

  it.each([
    { API_KEY: 'hunter2\nx' },
    { HEADERS: '{"authorization": "hunter2' },
    { HEADERS: 'hunter2' },
    { HEADERS: 'x-hunter: hunter2\u0001' },
    { HEADERS: 'authorization: hunter2', API_KEY: 'hunter2' },
    { BASE_URL: 'http://user:hunter2@host/v1' },
    { BASE_URL: 'user:hunter2@host/v1' },
    { BASE_URL: 'http://user:p@hunter2@host/v1' },
    { BASE_URL: 'http://us/er:hunter2@host/v1' },
  ])('are not in problems: %j', (env) => {
    const result = parse(env as unknown as Record<string, string>)
    if (result.ok) throw new Error('accepted')
    expect(configErrorText(result.problems, result.warnings)).not.toContain('hunter2')
    expect(JSON.stringify(result)).not.toContain('hunter2')
  })

  it('never get out of any configuration', () => {
    const text = fc.string({
      minLength: 6,
      unit: fc.constantFrom('q', 'z', '@', ':', ';', ' ', '{', '\n'),
    })
    fc.assert(
      fc.property(text, fc.constantFrom('API_KEY', 'HEADERS'), (noise, name) => {
        const result = parse({ [name]: `${noise}hunter2${noise}` })
        const out = result.ok ? publicConfig(result.config) : result
        // A header's name is shown; its value never.
        const safe = JSON.stringify(out)
          .replace(/"[^"]*":"\*\*\*"/g, '')
          .replace(/[^ "]* (is|has)/g, '')
        expect(safe).not.toContain('hunter2')
      }),
    )
  })
})

describe('what people read', () => {
  it('all problems at once, each with variable, value and what is accepted', () => {
    const result = parse({ RATE: 'ten', DURATION: '30', BASE_URL: 'host', RATEE: '1' })
    if (result.ok) throw new Error('accepted')
    expect(configErrorText(result.problems, result.warnings)).toMatchInlineSnapshot(`
      "The configuration has 3 problems; no load was sent.
        - BASE_URL="host": has no scheme: http://host? Accepted: http(s)://host[:port][/path], without credentials (API_KEY or HEADERS holds them) and query
        - RATE="ten": not a number. Accepted: a number, 0.001 to 100000
        - DURATION="30": has no unit: 30s or 30ms? Accepted: a duration with unit (500ms, 30s, 1m30s, 2h), 1s to 168h
      Warnings:
        - RATEE is not a variable of this test and has no effect: did you mean RATE?"
    `)
  })

  it('shortens endless values', () => {
    const result = parse({ RATE: 'x'.repeat(10_000) })
    if (result.ok) throw new Error('accepted')
    expect(problemText(result.problems[0]!).length).toBeLessThan(300)
  })
})

describe('the table', () => {
  const rows = describeVariables()

  it.each(rows.map((row) => [row.name, row] as const))('%s is described', (name, row) => {
    expect(row.meaning).toMatch(/^[A-Z`].*\.$/)
    for (const text of [row.default, row.example]) {
      if (text === undefined || name === 'API_KEY') continue
      expect(problems({ [name]: text }).filter((variable) => variable === name)).toEqual([])
    }
  })

  it('shows the defaults of a scenario', () => {
    const own = describeVariables({ SEED: 9 }).find(({ name }) => name === 'SEED')
    expect(own).toMatchObject({ default: '9', shapes: 'all', secret: false })
  })

  it('any text in any variable gives an answer, never an exception', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: fc.constantFrom(...'0123456789.,:;()[]{}"xsmh%/-@ en') }),
    )
    fc.assert(
      fc.property(fc.constantFrom(...rows.map(({ name }) => name)), text, (name, value) => {
        const result = parse({ [name]: value })
        if (!result.ok) {
          for (const { message, accepted } of result.problems) {
            expect(message).not.toMatch(/^Invalid input$/)
            expect(accepted.length).toBeGreaterThan(0)
          }
        }
      }),
      { numRuns: 2000 },
    )
  }, 60_000)
})
