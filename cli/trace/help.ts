const READING = `  --skip-bad-rows     leave rows with problems out (they are counted) instead of refusing the file
  --time-unit UNIT    s, ms, us or ns for numeric timestamps (default: told by the format or the size)
  --no-prompts        do not read prompts
  --block-tokens N    tokens in a block of prefix ids (default: told by the ids against the input lengths)`

const FILES = `A trace is a CSV file (Azure LLM, BurstGPT, our own), JSON lines (Mooncake, our own) or a packed file;
the header tells. '-' is standard input, '.gz' is unpacked on the way.`

export const HELP: Record<string, string> = {
  '': `k6-inference trace - look at, cut, make and fit traces of requests

  inspect    what a trace is: requests, rates, burstiness, lengths
  convert    cut, scale or change a trace; write it as CSV or packed (alias: cut)
  from-log   make a trace of an access log
  fit        the arrival process and lengths of a trace, as variables of a synthetic workload

'k6-inference trace COMMAND --help' tells more.
`,
  inspect: `k6-inference trace inspect [options] FILE

Requests, duration, mean and peak rate (over a minute), burstiness, percentiles of lengths, the rate over time.

  --json              figures as JSON
${READING}

${FILES}

Examples:
  k6-inference trace inspect AzureLLMInferenceTrace_conv.csv
  k6-inference trace inspect --json mooncake.jsonl
`,
  convert: `k6-inference trace convert [options] FILE   (or: cut)

Changes a trace, in this order, and writes it.

  --spread auto|off|T spread times that were rounded to ticks over them (default auto: found out)
  --from T --for T    a window: from T after the first request, for T (like 90s, 10m, 1h30m)
  --busiest T         the busiest window of that length
  --sample SHARE      a random share of the requests, 0 to 1, conversations whole
  --rate FACTOR       FACTOR times the requests in the same time, as bursty as before
  --speed FACTOR      FACTOR times as fast
  --max-input N       cut input lengths
  --max-output N      cut output lengths
  --max-total N       cut to the model's context: the output is kept, the input cut
  --seed N            of what is random (default 1)

  --to csv|packed     our own format (default), or packed, which k6 loads in a second or two
  --out FILE          instead of standard output; never the input, and an existing file only with --force
${READING}

${FILES}

Examples:
  k6-inference trace cut --busiest 10m --max-output 64 --out busy.csv AzureLLMInferenceTrace_conv.csv
  k6-inference trace convert --to packed --out week.packed azure-2024.csv.gz
`,
  'from-log': `k6-inference trace from-log [options] LOG

Makes a trace of an access log: CSV with a header (commas, semicolons or tabs), JSON lines, a JSON
array, OpenTelemetry spans, as Docker and Kubernetes wrap them. Nothing of a prompt is written
unless asked for; conversations are numbered, their names are not written.

  --time FIELD        time of the request (default: timestamp, time, ts, @timestamp, startTime, ...)
  --input FIELD       input tokens (default: input_tokens, prompt_tokens, usage.prompt_tokens, ...)
  --output FIELD      output tokens (default: output_tokens, completion_tokens, usage.completion_tokens, ...)
  --session FIELD     conversation
  --app FIELD         application (few values: it becomes a tag)
  --prompt FIELD      prompt or messages, see --prompts
  --prompts drop|hash|keep
                      drop them (default); hash: numbers that tell which prompts begin alike, in
                      blocks of 2,048 characters, under a key that is forgotten; keep: the text
  --duration FIELD    how long the request took, where the log's time is that of the end
  --duration-unit U   ms (default) or s
  --time-unit UNIT    s, ms, us or ns for numeric times (default: told by the size)
  --out FILE          instead of standard output; never the input, and an existing file only with --force

A field may be a path into objects: usage.prompt_tokens. Rows without a time or counts are skipped and counted.
Anthropic's input_tokens leave out what was read from and written to the cache: these are added.

Examples:
  k6-inference trace from-log --session user_id --prompt messages --prompts hash --out mine.csv gateway.jsonl
  k6-inference trace from-log --time end --duration latency_s --duration-unit s access.csv > mine.csv
`,
  fit: `k6-inference trace fit [options] FILE

Fits arrivals (rate; Poisson or gamma with its burstiness) and lengths (log-normal, or a table of
quantiles where that does not fit) and prints them as variables of a synthetic workload.

  --json              the fit as JSON
${READING}

${FILES}

Examples:
  k6-inference trace fit AzureLLMInferenceTrace_conv.csv
  k6-inference trace from-log gateway.jsonl | k6-inference trace fit -
`,
}
