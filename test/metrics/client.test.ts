import { describe, expect, it } from 'vitest'
import { clientSamples, LATE_MS, lengthSamples } from '../../lib/metrics/index.ts'

type Sample = [metric: string, value: number, tags: Readonly<Record<string, string>>]

function collect(fill: (add: (...sample: Sample) => void) => void): Sample[] {
  const samples: Sample[] = []
  fill((...sample) => samples.push(sample))
  return samples
}

describe('what the client says of itself', () => {
  const client = (facts: Partial<Parameters<typeof clientSamples>[0]>) =>
    collect((add) => {
      const none = { latenessMs: undefined, delayMs: undefined, overshootMs: undefined }
      clientSamples({ ...none, waited: undefined, pauseMs: 0, ...facts }, add)
    })

  it('nothing known, nothing said', () => expect(client({})).toEqual([]))

  it('a late start has its cause: no VU was free, or one woke up late', () => {
    const late = LATE_MS + 0.1
    expect(client({ latenessMs: late, waited: false })).toEqual([
      ['llm_late_requests', 1, { cause: 'no_vu' }],
    ])
    expect(client({ latenessMs: late, waited: true, overshootMs: late })).toEqual([
      ['llm_timer_overshoot', late, {}],
      ['llm_late_requests', 1, { cause: 'client' }],
    ])
    expect(client({ latenessMs: LATE_MS, waited: false })).toEqual([])
  })

  it('delays are kept as they are', () => {
    expect(client({ delayMs: 0.2 })).toEqual([['llm_client_delay', 0.2, {}]])
    expect(client({ pauseMs: 20 })).toEqual([['llm_client_pause', 20, {}]])
  })
})

describe('lengths that were wanted', () => {
  const lengths = (
    input: [wanted: number | undefined, counted: number | undefined],
    output: [wanted: number | undefined, counted: number],
    outcome = 'completed',
  ) =>
    collect((add) =>
      lengthSamples(
        {
          outcome,
          usage: { input: input[1], output: output[1], cached: undefined },
          tokenSource: 'usage',
          outputTokens: output[1],
        },
        { inputTokens: input[0], outputTokens: output[0] },
        add,
      ),
    ).map(([metric, value]) => [metric, value])

  it.each([
    [100, 102, 2, 1],
    [100, 103, 3, 0],
    [1000, 1020, 20, 1],
    [1000, 979, 21, 0],
    [10, 10, 0, 1],
  ])('%i tokens wanted, %i counted: missed by %i, as wanted %i', (wanted, counted, miss, ok) => {
    expect(lengths([wanted, counted], [undefined, 5])).toEqual([
      ['llm_input_miss', miss],
      ['llm_input_as_wanted', ok],
    ])
  })

  it('answers', () => {
    expect(lengths([undefined, 9], [50, 30])).toEqual([
      ['llm_output_as_wanted', 0],
      ['llm_output_tokens_wanted', 50],
    ])
  })

  it('nothing of failed requests, and nothing that nobody asked for or counted', () => {
    expect(lengths([100, 100], [50, 50], 'truncated')).toEqual([])
    expect(lengths([undefined, 100], [undefined, 50])).toEqual([])
    expect(lengths([100, undefined], [undefined, 50])).toEqual([])
  })
})
