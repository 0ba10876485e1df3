import { describe, expect, test } from 'vitest'
import type { ExchangeResult } from '../../lib/exchange/index.ts'
import { preflight, type ModelList, type PreflightOptions } from '../../lib/preflight/index.ts'
import { protocols } from '../../lib/protocols/index.ts'
import type { EncodeOptions, GenerationRequest } from '../../lib/protocols/index.ts'
import { streamCases } from '../support/stream-cases.ts'

const options: PreflightOptions = {
  baseUrl: 'http://127.0.0.1:8000/v1',
  path: '/chat/completions',
  model: 'm1',
  hasKey: false,
  firstTokenTimeoutMs: 60_000,
  holdLength: 'auto',
  request: { messages: [{ role: 'user', content: 'Hello' }] },
}

function answer(overrides: Partial<ExchangeResult> = {}): ExchangeResult {
  return {
    outcome: 'completed',
    reason: '',
    message: undefined,
    httpStatus: 200,
    retryAfterS: undefined,
    marks: {
      dueMs: undefined,
      startMs: 0,
      connectingMs: 1,
      sentMs: 2,
      headersMs: 3,
      firstByteMs: 4,
      firstTokenMs: 102,
      firstAnswerMs: 102,
      lastTokenMs: 252,
      endMs: 253,
    },
    usage: { input: 9, output: 16, cached: undefined, reasoning: undefined },
    tokenSource: 'usage',
    outputTokens: 16,
    chunks: 16,
    firstChunkTokens: undefined,
    bunches: undefined,
    chunkTimesMs: [],
    chunkTokens: undefined,
    hiddenReasoning: false,
    notes: [],
    finish: 'stop',
    malformedEvents: 0,
    finishReason: 'length',
    text: undefined,
    reusedConnection: false,
    clock: 'handler',
    headers: {},
    ...overrides,
  }
}

const list = (models: string[], owner?: string): ModelList => ({
  ok: true,
  models,
  unnamed: 0,
  owner,
})

function server(
  reply: (request: GenerationRequest, options: EncodeOptions) => ExchangeResult,
  models: ModelList = list(['m1', 'm2']),
  pages: Record<string, string> = {},
) {
  const seen: { request: GenerationRequest; options: EncodeOptions }[] = []
  return {
    seen,
    listModels: async () => models,
    engine: async () => pages['engine'],
    page: async (path: string) => pages[path],
    attempt: async (request: GenerationRequest, encode: EncodeOptions) => {
      seen.push({ request, options: encode })
      return reply(request, encode)
    },
  }
}

const failed = (
  outcome: ExchangeResult['outcome'],
  reason: string,
  rest: Partial<ExchangeResult> = {},
) => answer({ outcome, reason, usage: undefined, ...rest })

describe('a server that answers', () => {
  test('is asked once, and its facts are kept', async () => {
    const probe = server(() => answer({ headers: { server: 'uvicorn' } }))
    expect(await preflight(probe, options)).toEqual({
      ok: true,
      facts: {
        model: 'm1',
        includeUsage: true,
        holdsLength: true,
        reportsUsage: true,
        reportsCachedTokens: false,
        server: 'uvicorn',
        probeTtftMs: 100,
        warnings: [],
      },
    })
    expect(probe.seen).toHaveLength(1)
  })

  test('names the model when MODEL is not set', async () => {
    const outcome = await preflight(
      server(() => answer()),
      { ...options, model: undefined },
    )
    expect(outcome).toMatchObject({ ok: true, facts: { model: 'm1' } })
  })

  test('that rejects ignore_eos is asked again without', async () => {
    const probe = server((request) =>
      request.ignoreEos ? failed('http_error', 'http_400', { httpStatus: 400 }) : answer(),
    )
    expect(await preflight(probe, options)).toMatchObject({
      ok: true,
      facts: { holdsLength: false, includeUsage: true },
    })
    expect(probe.seen).toHaveLength(2)
  })

  test('that rejects stream_options too is asked a third time', async () => {
    const probe = server((request, encode) =>
      request.ignoreEos || encode.includeUsage
        ? failed('http_error', 'http_422', { httpStatus: 422 })
        : answer({ usage: undefined }),
    )
    const outcome = await preflight(probe, options)
    expect(outcome).toMatchObject({
      ok: true,
      facts: { holdsLength: false, includeUsage: false, reportsUsage: false },
    })
    expect(outcome.ok && outcome.facts.warnings.join()).toContain('reports no usage')
  })

  test('that wants max_completion_tokens gets it, and only it', async () => {
    const wish = streamCases.find((one) => one.case === 'max_completion_only')!
    const message = /"message":"([^"]*)"/.exec(wish.reads.map(([, bytes]) => bytes).join(''))![1]!
    const probe = server((_, encode) =>
      encode.maxCompletionTokens === true
        ? answer()
        : failed('http_error', 'http_400', { httpStatus: 400, message }),
    )
    expect(await preflight(probe, options)).toMatchObject({
      ok: true,
      facts: { maxCompletionTokens: true, holdsLength: true, includeUsage: true },
    })
    expect(probe.seen).toHaveLength(2)
    const { body } = protocols['chat']!.encode(
      { prompt: 'x', maxTokens: 5 },
      probe.seen[1]!.options,
    )
    expect(JSON.parse(body)).toMatchObject({ max_completion_tokens: 5 })
    expect(JSON.parse(body)).not.toHaveProperty('max_tokens')
  })

  test.each([
    ['that tells the tokens of each chunk is asked to', [4, 4, 4, 4], true],
    ['that does not is measured as it is', undefined, undefined],
  ])('of several tokens per chunk %s', async (_, chunkTokens, continuousUsage) => {
    const probe = server((_request, encode) =>
      answer({ chunks: 4, chunkTokens: encode.continuousUsage === true ? chunkTokens : undefined }),
    )
    expect(await preflight(probe, options)).toMatchObject({ ok: true, facts: { continuousUsage } })
    expect(probe.seen).toHaveLength(2)
  })
})

describe('a server that cannot be measured is told apart in one sentence', () => {
  test.each<[string, ExchangeResult, string, string]>([
    [
      'nobody listens',
      failed('connect_error', 'connect_refused'),
      'cannot_connect',
      'cannot connect to http://127.0.0.1:8000/v1 (connect_refused)',
    ],
    [
      'no key',
      failed('http_error', 'http_401', { httpStatus: 401 }),
      'unauthorized',
      'set API_KEY',
    ],
    [
      'wrong path',
      failed('http_error', 'http_404', { httpStatus: 404 }),
      'path_not_found',
      'check that BASE_URL ends',
    ],
    ['overload', failed('http_error', 'http_503', { httpStatus: 503 }), 'server_error', 'HTTP 503'],
    [
      'a refusal',
      failed('http_error', 'http_400', { httpStatus: 400, message: 'bad temperature' }),
      'rejected',
      'bad temperature',
    ],
    [
      'a whole JSON answer',
      failed('stream_error', 'not_streaming'),
      'not_streaming',
      'TTFT and ITL cannot be measured',
    ],
    [
      'an error event',
      failed('stream_error', 'error_event', { message: 'out of memory' }),
      'bad_stream',
      'out of memory',
    ],
    ['no end', failed('truncated', 'no_terminator'), 'bad_stream', 'broke off'],
    ['no token', failed('empty', 'empty_answer'), 'bad_stream', 'without any token'],
    ['silence', failed('timeout', 'first_token_timeout'), 'timeout', 'TIMEOUT_FIRST_TOKEN'],
  ])('%s', async (_, result, type, words) => {
    const outcome = await preflight(
      server(() => result),
      options,
    )
    expect(outcome).toMatchObject({ ok: false, problem: { type } })
    expect(!outcome.ok && outcome.problem.message).toContain(words)
  })

  test('an unknown model, with the names of those that are there', async () => {
    const reply = () => failed('http_error', 'http_404', { httpStatus: 404 })
    const outcome = await preflight(server(reply), { ...options, model: 'gone' })
    expect(outcome).toMatchObject({
      ok: false,
      problem: {
        type: 'model_not_found',
        message: 'model not found: MODEL is "gone", http://127.0.0.1:8000/v1 has: m1, m2',
      },
    })
  })

  test.each([
    'The model `m1` does not exist.',
    'model "m1" not found, try pulling it first',
    'm1 is not a valid model ID, see the list of model names',
    'Invalid model name passed in model=m1',
    'Unknown model: m1',
    'No such model as m1',
  ])('a model that the server denies: %s', async (message) => {
    const reply = () => failed('http_error', 'http_404', { httpStatus: 404, message })
    const refusal: ModelList = { ok: false, type: 'no_model', message: 'answered HTTP 404' }
    const outcome = await preflight(server(reply, refusal), options)
    expect(outcome).toMatchObject({ ok: false, problem: { type: 'model_not_found' } })
    expect(!outcome.ok && outcome.problem.message).toContain(`does not have it: ${message}`)
  })

  test('a model of its own list', async () => {
    const reply = () =>
      failed('http_error', 'http_404', { httpStatus: 404, message: 'no such model' })
    const outcome = await preflight(server(reply), { ...options, model: undefined })
    expect(!outcome.ok && outcome.problem.message).toMatch(
      /"m1" is the first model that the server lists.*: no such model/,
    )
  })

  test.each([
    ['stream_error', 'not_streaming', 'an HTML page, not a stream: Sign in'],
    ['stream_error', 'bad_json', 'an HTML page, not a JSON answer: Sign in'],
  ] as const)('a web page (%s, %s)', async (kind, reason, message) => {
    const outcome = await preflight(
      server(() => failed(kind, reason, { message })),
      options,
    )
    expect(outcome).toMatchObject({ ok: false, problem: { type: 'path_not_found' } })
    expect(!outcome.ok && outcome.problem.message).toMatch(/an HTML page.*Sign in; BASE_URL leads/)
  })

  test('an answer that is no JSON, where none was to be streamed', async () => {
    const result = failed('stream_error', 'bad_json', { message: 'not JSON' })
    const outcome = await preflight(
      server(() => result),
      options,
    )
    expect(!outcome.ok && outcome.problem.message).toContain('gave an answer that cannot be read')
  })

  test('no MODEL and a list that is refused, in the words of the refusal', async () => {
    const refusal: ModelList = {
      ok: false,
      type: 'server_error',
      message: 'answered HTTP 502: down',
    }
    const probe = server(() => answer(), refusal)
    const outcome = await preflight(probe, { ...options, model: undefined })
    expect(outcome).toEqual({
      ok: false,
      problem: {
        type: 'server_error',
        message: 'MODEL is not set, and http://127.0.0.1:8000/v1/models answered HTTP 502: down',
      },
    })
    expect(probe.seen).toHaveLength(0)
  })
})

describe('a server that fails now and then', () => {
  const flaky = (failures: readonly ExchangeResult[]) => {
    let n = 0
    return server(() => failures[n++] ?? answer())
  }
  const lost = failed('truncated', 'connection_reset', {
    message: 'read: connection reset by peer',
  })
  const overloaded = failed('http_error', 'http_503', { httpStatus: 503 })

  test('is asked again, and the load begins with a warning', async () => {
    const probe = flaky([lost, overloaded])
    const outcome = await preflight(probe, options)
    expect(probe.seen).toHaveLength(3)
    expect(outcome).toMatchObject({
      ok: true,
      facts: {
        holdsLength: true,
        warnings: ['the server failed 2 of the 3 requests before the load (http_503)'],
      },
    })
  })

  test('and for good after three times', async () => {
    const probe = flaky([lost, lost, lost])
    expect(await preflight(probe, options)).toMatchObject({
      ok: false,
      problem: { type: 'bad_stream' },
    })
    expect(probe.seen).toHaveLength(3)
  })

  test.each([
    failed('connect_error', 'connect_refused'),
    failed('timeout', 'first_token_timeout'),
    failed('http_error', 'http_401', { httpStatus: 401 }),
    failed('stream_error', 'not_streaming'),
  ])('$reason does not pass', async (result) => {
    const probe = flaky([result])
    expect(await preflight(probe, { ...options, holdLength: 'off' })).toMatchObject({ ok: false })
    expect(probe.seen).toHaveLength(1)
  })
})

describe('the name of a server', () => {
  test.each<[string, string | undefined, ModelList, Record<string, string>, string | undefined]>([
    ['its own header', 'llama.cpp', list(['m1']), { engine: 'vLLM' }, 'llama.cpp'],
    [
      'the owner of its models',
      'uvicorn',
      list(['m1'], 'vllm'),
      { '/version': '{"version":"0.19.0+cpu"}' },
      'vLLM 0.19.0+cpu (uvicorn)',
    ],
    ['its metrics', 'nginx/1.22', list(['m1']), { engine: 'vLLM' }, 'vLLM (nginx/1.22)'],
    ['no header, but an owner', undefined, list(['m1'], 'sglang'), {}, 'SGLang'],
    ['nothing but a web server', 'uvicorn', list(['m1']), { '/version': '{}' }, 'uvicorn'],
    [
      'no version that is none',
      'uvicorn',
      list(['m1'], 'vllm'),
      { '/version': '{"version":"\\u001b[2J"}' },
      'vLLM (uvicorn)',
    ],
    ['nothing at all', undefined, list(['m1']), {}, undefined],
  ])('comes from %s', async (_, header, models, pages, name) => {
    const headers: Record<string, string> = header === undefined ? {} : { server: header }
    const probe = server(() => answer({ headers }), models, pages)
    const outcome = await preflight(probe, { ...options, model: undefined })
    expect(outcome.ok && outcome.facts.server).toBe(name)
  })
})

test('a body left open is among the facts, for the load not to wait for its end', async () => {
  for (const notes of [[], ['left_open']] as const) {
    const probe = server(() => answer({ notes }))
    expect(await preflight(probe, options)).toMatchObject({
      ok: true,
      facts: { leavesOpen: notes.length > 0 ? true : undefined },
    })
  }
})
