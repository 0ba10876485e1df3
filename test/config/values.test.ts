import { describe, expect, it } from 'vitest'
import { formatDuration, parseConfig, type Config } from '../../lib/config/index.ts'

function read(env: Record<string, string>): Config {
  const result = parseConfig({ scenario: 'chat-steady', env })
  if (!result.ok) throw new Error(JSON.stringify(result.problems))
  return result.config
}

function refusalOf(env: Record<string, string>) {
  const result = parseConfig({ scenario: 'chat-steady', env })
  if (result.ok) throw new Error(`accepted ${JSON.stringify(env)}`)
  return result.problems.map(({ variable, message }) => `${variable}: ${message}`).join('\n')
}

describe('BASE_URL', () => {
  const url = (BASE_URL: string) => read({ BASE_URL }).endpoint
  it.each([
    ['http://localhost:8000/v1', 'localhost', 8000, false, '/v1'],
    ['http://localhost:8000/v1///', 'localhost', 8000, false, '/v1'],
    ['HTTP://Host.Example/v1', 'Host.Example', 80, false, '/v1'],
    ['https://llm.example.com', 'llm.example.com', 443, true, ''],
    ['https://llm.example.com:8443/a/b%20c', 'llm.example.com', 8443, true, '/a/b%20c'],
    ['http://[::1]:8000/v1', '::1', 8000, false, '/v1'],
    ['https://[2001:db8::7]/v1', '2001:db8::7', 443, true, '/v1'],
    ['http://[::ffff:10.0.0.1]:1/v1', '::ffff:10.0.0.1', 1, false, '/v1'],
    ['http://10.1.2.3:65535/v1', '10.1.2.3', 65535, false, '/v1'],
    [
      'http://my_service.ns.svc.cluster.local.:80/v1',
      'my_service.ns.svc.cluster.local.',
      80,
      false,
      '/v1',
    ],
  ])('%s', (text, host, port, tls, basePath) => {
    expect(url(text)).toMatchObject({ host, port, tls, basePath })
  })

  it('is kept as given, without slashes at its end', () => {
    expect(url('http://[::1]:8000/v1/').baseUrl).toBe('http://[::1]:8000/v1')
  })

  it.each([
    ['localhost:8000/v1', /no scheme: http:\/\/localhost:8000\/v1\?/],
    ['ftp://host/v1', /neither http nor https/],
    ['http://user:secret@host/v1', /credentials/],
    ['http://host/v1?key=1', /query/],
    ['http://host/v1#a', /fragment/],
    ['http:///v1', /no host/],
    ['http://:8000/v1', /no host/],
    ['http://host:0/v1', /port/],
    ['http://host:65536/v1', /port/],
    ['http://host:/v1', /port/],
    ['http://host:80a/v1', /port/],
    ['http://::1:8000/v1', /brackets/],
    ['http://[::1/v1', /host/],
    ['http://[fe80::1%eth0]/v1', /host/],
    ['http://ho st/v1', /host/],
    ['http://-host/v1', /host/],
    ['http://bücher.example/v1', /punycode/],
    ['http://host/v 1', /%-encoded/],
    ['http://host/@org/v1', /@/],
    ['http://host/v1\r\nX-Evil: 1', /%-encoded/],
    ['http://host/v1%zz', /%-encoded/],
    ['http://host/v1/chat/completions', /leave out \/chat\/completions/],
    ['http://host/api/generate/', /leave out \/api\/generate/],
  ])('refuses %s', (text, why) => {
    expect(refusalOf({ BASE_URL: text })).toMatch(why)
  })
})

describe('durations', () => {
  it.each([
    ['30s', 30_000],
    ['1m30s', 90_000],
    ['1.5s', 1500],
    ['2h', 7_200_000],
    ['1d', 86_400_000],
    ['1h1m1s1ms', 3_661_001],
    [' 5m ', 300_000],
    ['2500ms', 2500],
  ])('%s', (DURATION, ms) => expect(read({ DURATION }).load.durationMs).toBe(ms))

  it('takes 0 for none', () => expect(read({ WARMUP: '0' }).load.warmupMs).toBe(0))

  it.each([
    ['30', /no unit: 30s or 30ms\?/],
    ['-30', /negative/],
    ['-30s', /not a duration/],
    ['soon', /not a duration/],
    ['1m 30s', /not a duration/],
    ['1e9s', /not a duration/],
    ['s', /not a duration/],
    ['500ms', /shorter than 1s/],
    ['0', /shorter than 1s/],
    ['200h', /longer than 168h/],
    [`${'9'.repeat(400)}s`, /not a duration/],
  ])('refuses %s', (DURATION, why) => expect(refusalOf({ DURATION })).toMatch(why))

  it.each([
    [0, '0s'],
    [1, '1ms'],
    [90_000, '1m30s'],
    [3_661_001, '1h1m1s1ms'],
    [59_999.7, '1m'],
  ])('writes %d ms as k6 does', (ms, text) => expect(formatDuration(ms)).toBe(text))
})

describe('lengths', () => {
  it.each([
    ['512', { kind: 'constant', value: 512 }],
    ['uniform(100, 900)', { kind: 'uniform', min: 100, max: 900 }],
    ['Normal(512,64)', { kind: 'normal', mean: 512, sd: 64, min: 1, max: 768 }],
    ['normal(512,64,400,600)', { kind: 'normal', mean: 512, sd: 64, min: 400, max: 600 }],
    ['lognormal(500,0)', { kind: 'lognormal', median: 500, sigma: 0, min: 1, max: 500 }],
    [
      'lognormal(500,0.6,10,4000)',
      { kind: 'lognormal', median: 500, sigma: 0.6, min: 10, max: 4000 },
    ],
    ['100:0.5,400:0.5', { kind: 'empirical', values: [100, 400], weights: [0.5, 0.5] }],
    ['100:3', { kind: 'empirical', values: [100], weights: [3] }],
  ])('%s', (OUTPUT_TOKENS, spec) => expect(read({ OUTPUT_TOKENS }).outputTokens).toEqual(spec))

  it('bounds a log-normal four sigmas above its median', () => {
    const spec = read({ INPUT_TOKENS: 'lognormal(500,0.6)' }).inputTokens
    expect(spec).toMatchObject({ min: 1, max: Math.ceil(500 * Math.exp(2.4)) })
  })

  it.each([
    ['0', /1 to/],
    ['-5', /1 to/],
    ['1.5', /whole number/],
    ['1e9', /1 to/],
    ['many', /neither/],
    ['uniform(900,100)', /above the upper/],
    ['uniform(1)', /two numbers/],
    ['uniform(1,2,3)', /two numbers/],
    ['uniform(0,5)', /1 to/],
    ['normal(512)', /two or four/],
    ['normal(512,64,1)', /two or four/],
    ['normal(512,-1)', /negative/],
    ['normal(512,64,600,700)', /outside/],
    ['lognormal(500,9)', /sigma/],
    ['zipf(1,2)', /no distribution named zipf/],
    ['normal(a,b)', /no number/],
    ['normal(512,64', /neither/],
    ['100:0.5,400', /not length:weight/],
    ['100:1:2', /not length:weight/],
    ['100:-1', /negative/],
    ['100:0,200:0', /all weights/],
    ['100:1,', /not length:weight/],
  ])('refuses %s', (OUTPUT_TOKENS, why) => expect(refusalOf({ OUTPUT_TOKENS })).toMatch(why))
})

describe('HEADERS', () => {
  it.each([
    ['x-a: 1; X-B : two words ;', { 'x-a': '1', 'x-b': 'two words' }],
    ['x-time: 12:30', { 'x-time': '12:30' }],
    ['{"X-A": "1; 2", "y": ""}', { 'x-a': '1; 2', y: '' }],
    ['{}', {}],
  ])('%s', (HEADERS, expected) => expect(read({ HEADERS }).headers).toEqual(expected))

  it.each([
    ['x-a', /without a colon/],
    ['x a: 1', /header name/],
    [': 1', /header name/],
    ['{"x": 1}', /x is not a text/],
    ['{"x": "1"', /not valid JSON/],
    ['{"x": "a\\r\\nEvil: 1"}', /x has a control character/],
    ['Host: other', /Host is set by the client/],
    ['Content-Length: 3', /set by the client/],
    ['x: 1; X: 2', /given twice/],
  ])('refuses %s', (HEADERS, why) => expect(refusalOf({ HEADERS })).toMatch(why))

  it('takes a header that is named like a property of objects as a header', () => {
    const { headers } = read({ HEADERS: '{"__proto__": "1"}' })
    expect(Object.entries(headers)).toEqual([['__proto__', '1']])
  })
})

describe('numbers, shares, switches, words', () => {
  it('reads them', () => {
    const config = read({
      RATE: '0.5',
      SEED: '0',
      TEMPERATURE: '.7',
      SLO_TTFT_P95: '800',
      SLO_TTFT_P99: '1.5s',
      SLO_TPOT_P95: '12.5ms',
      SLO_ERROR_RATE: '0.5%',
      SLO_GOODPUT: '0.95',
      PREFLIGHT: 'No',
      IGNORE_EOS: 'ON',
      RESULTS: 'out/run/',
      GAP_SAMPLING: '10%',
      MODEL: ' org/model:7b ',
    })
    expect(config.load).toMatchObject({ rate: 0.5, seed: 0 })
    expect(config.temperature).toBe(0.7)
    expect(config.slo).toMatchObject({ ttftP95Ms: 800, ttftP99Ms: 1500, tpotP95Ms: 12.5 })
    expect(config.slo).toMatchObject({ errorRate: 0.005, goodput: 0.95 })
    expect(config.slo).not.toHaveProperty('e2eP95Ms')
    expect(config).toMatchObject({ preflight: false, ignoreEos: 'on', resultsDir: 'out/run' })
    expect(config).toMatchObject({ gapSampling: 0.1, model: 'org/model:7b' })
  })

  it('writes no results when asked for none', () => {
    expect(read({ RESULTS: 'none' }).resultsDir).toBeUndefined()
    expect(read({ RESULTS: '/' }).resultsDir).toBe('/')
  })

  it.each([
    [{ RATE: 'ten' }, /RATE: not a number/],
    [{ RATE: '0x10' }, /RATE: not a number/],
    [{ RATE: 'Infinity' }, /RATE: not a number/],
    [{ RATE: '1,5' }, /RATE: not a number/],
    [{ RATE: '0' }, /RATE: Too small: expected number to be >=0.001/],
    [{ RATE: '1e999' }, /RATE: not a number/],
    [{ CONCURRENCY: '2.5' }, /CONCURRENCY: .*expected int/],
    [{ CONCURRENCY: '0' }, /CONCURRENCY: Too small/],
    [{ SEED: '-1' }, /SEED: Too small/],
    [{ SEED: '4294967296' }, /SEED: Too big/],
    [{ PEAK_RATE: '0.5x' }, /PEAK_RATE: the peak lies below its base/],
    [{ PEAK_RATE: '-1' }, /PEAK_RATE: must be greater than 0/],
    [{ PEAK_RATE: 'x' }, /PEAK_RATE: neither a number nor a multiple/],
    [{ PEAK_CONCURRENCY: '20.5' }, /PEAK_CONCURRENCY: not a whole number/],
    [{ SLO_ERROR_RATE: '5' }, /SLO_ERROR_RATE: Too big/],
    [{ SLO_ERROR_RATE: 'few' }, /SLO_ERROR_RATE: not a share/],
    [{ SLO_TTFT_P95: '0' }, /SLO_TTFT_P95: Too small/],
    [{ PREFLIGHT: 'maybe' }, /PREFLIGHT: neither on nor off/],
    [{ IGNORE_EOS: 'always' }, /IGNORE_EOS: Invalid option: expected one of "auto"\|"on"\|"off"/],
    [{ API: 'soap' }, /API: Invalid .*"chat"/],
    [{ MODEL: 'a\nb' }, /MODEL: holds a line break/],
    [{ API_KEY: 'a\nb' }, /API_KEY: holds a line break/],
  ])('refuses %j', (env, why) => expect(refusalOf(env as Record<string, string>)).toMatch(why))
})

describe('METRICS_URL', () => {
  const urls = (METRICS_URL: string) => read({ METRICS_URL }).values.METRICS_URL

  it('is one address or several, or none', () => {
    expect(urls('http://[::1]:8000/metrics')).toEqual(['http://[::1]:8000/metrics'])
    expect(urls('http://a:1/metrics, https://b/prometheus/metrics')).toEqual([
      'http://a:1/metrics',
      'https://b/prometheus/metrics',
    ])
    expect(urls('OFF')).toEqual([])
    expect(read({}).values.METRICS_URL).toBeUndefined()
    expect(read({}).values.GPU_METRICS_URL).toEqual([])
  })

  it('refuses what would carry credentials or is no address', () => {
    expect(refusalOf({ METRICS_URL: 'http://me:pw@host/metrics' })).toMatch(/credentials/)
    expect(refusalOf({ METRICS_URL: 'http://a/metrics,' })).toMatch(/no scheme/)
    expect(refusalOf({ GPU_METRICS_URL: 'on' })).toMatch(/no scheme/)
  })
})

describe('FORMATS', () => {
  it.each([
    ['json', ['json']],
    ['md, CSV,md', ['md', 'csv']],
    ['none', ['none']],
  ])('%s', (text, formats) => {
    expect(read({ FORMATS: text }).values.FORMATS).toEqual(formats)
  })

  it.each(['pdf', 'json,', 'json;md'])('refuses %s', (text) => {
    expect(refusalOf({ FORMATS: text })).toMatch(/^FORMATS: ".*" is none$/)
  })
})

describe('RESOLVE', () => {
  it('says where names lead', () => {
    expect(read({ RESOLVE: 'llm.example.com=10.0.0.5, b=::1' }).values.RESOLVE).toEqual({
      'llm.example.com': '10.0.0.5',
      b: '::1',
    })
  })

  it.each(['llm.example.com', 'a=b', 'a=1.2.3.4:80', 'a=1.2.3.4=5', '=1.2.3.4', 'a=1.2.3.4,a=::1'])(
    'refuses %j',
    (text) => {
      expect(refusalOf({ RESOLVE: text })).toMatch(/RESOLVE/)
    },
  )
})

describe('TLS_CERT and TLS_KEY', () => {
  it('need each other', () => {
    expect(refusalOf({ TLS_CERT: 'a.pem' })).toMatch(/TLS_KEY: .*need each other/)
    expect(refusalOf({ TLS_KEY: 'a.key' })).toMatch(/TLS_CERT: .*need each other/)
    expect(read({ TLS_CERT: 'a.pem', TLS_KEY: 'a.key' }).values.TLS_KEY).toBe('a.key')
  })
})
