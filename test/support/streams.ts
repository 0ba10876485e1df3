/**
 * A stream of each wire format as its server writes it: whitespace, order of members and framing
 * are the wire's. `text(word, n)` is the n-th token's event, with `word` the body of a JSON literal.
 */
export interface StreamFixture {
  protocol: string
  name: string
  before: string
  /** `n` from 1. */
  token(word: string, n: number): string
  /** @param n number of tokens */
  after(n: number): string
}

const chatHead =
  '"id":"chatcmpl-1","object":"chat.completion.chunk","created":1716900000,"model":"m"'
const usage = (n: number) => `{"prompt_tokens":9,"total_tokens":${n + 9},"completion_tokens":${n}}`
const done = 'data: [DONE]\n\n'
const chatEnd = (n: number) =>
  `data: {${chatHead},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n` +
  `data: {${chatHead},"choices":[],"usage":${usage(n)}}\n\n${done}`
const role = `data: {${chatHead},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n`

export const streams: StreamFixture[] = [
  {
    protocol: 'chat',
    name: 'vLLM',
    before: role,
    token: (word) =>
      `data: {${chatHead},"choices":[{"index":0,"delta":{"content":"${word}"},"logprobs":null,"finish_reason":null}]}\n\n`,
    after: chatEnd,
  },
  {
    protocol: 'chat',
    name: "spaces as Python's json.dumps writes them",
    before: role,
    token: (word) =>
      `data: {"id": "c", "choices": [{"delta": {"role": "assistant", "content": "${word}"}, "index": 0}], "usage": null}\n\n`,
    after: chatEnd,
  },
  {
    protocol: 'chat',
    name: 'continuous usage',
    before: `data: {${chatHead},"choices":[{"index":0,"delta":{"role":"assistant","content":""}}],"usage":${usage(0)}}\n\n`,
    token: (word, n) =>
      `data: {${chatHead},"choices":[{"index":0,"delta":{"content":"${word}"},"finish_reason":null}],"usage":${usage(n * 2)}}\n\n`,
    after: (n) => chatEnd(n * 2),
  },
  {
    protocol: 'chat',
    name: 'OpenAI with obfuscation',
    before: role,
    token: (word, n) =>
      `data: {${chatHead},"choices":[{"index":0,"delta":{"content":"${word}"},"logprobs":null,"finish_reason":null}],"usage":null,"obfuscation":"${'aZ9'.repeat(n % 4)}"}\n\n`,
    after: chatEnd,
  },
  {
    protocol: 'chat',
    name: 'reasoning, then the answer, CRLF',
    before: role.replace(/\n/g, '\r\n'),
    token: (word, n) =>
      `data: {${chatHead},"choices":[{"index":0,"delta":{"${n < 8 ? 'reasoning' : 'content'}":"${word}"}}]}\r\n\r\n`,
    after: (n) => chatEnd(n).replace(/\n/g, '\r\n'),
  },
  {
    protocol: 'chat',
    name: 'tool call arguments',
    before: `data: {${chatHead},"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"t","function":{"name":"f","arguments":""}}]}}]}\n\n`,
    token: (word) =>
      `data: {${chatHead},"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"${word}"}}]}}]}\n\n`,
    after: chatEnd,
  },
  {
    protocol: 'chat',
    name: 'two choices in turn, with pings',
    before: role,
    token: (word, n) =>
      `${n % 5 === 0 ? ': ping\n\n' : ''}data: {${chatHead},"choices":[{"index":${n % 2},"delta":{"content":"${word}"}}]}\n\n`,
    after: chatEnd,
  },
  {
    protocol: 'chat',
    name: 'logprobs that look like content',
    before: role,
    token: (word, n) =>
      `data: {${chatHead},"choices":[{"index":0,"delta":{"content":"${word}"},"logprobs":{"content":[{"token":"${word}","logprob":-0.${n},"bytes":[32,${n}],"top_logprobs":[]}],"refusal":null}}]}\n\n`,
    after: chatEnd,
  },
  {
    protocol: 'completions',
    name: 'vLLM',
    before: '',
    token: (word) =>
      `data: {"id":"cmpl-1","object":"text_completion","created":1,"model":"m","choices":[{"index":0,"text":"${word}","logprobs":null,"finish_reason":null,"stop_reason":null}],"usage":null}\n\n`,
    after: (n) =>
      `data: {"id":"cmpl-1","choices":[{"index":0,"text":"","finish_reason":"length"}]}\n\n` +
      `data: {"id":"cmpl-1","choices":[],"usage":${usage(n)}}\n\n${done}`,
  },
  {
    protocol: 'responses',
    name: 'OpenAI',
    before:
      'event: response.created\ndata: {"type":"response.created","sequence_number":0,"response":{"id":"r","status":"in_progress","error":null,"usage":null}}\n\n' +
      'event: response.output_item.added\ndata: {"type":"response.output_item.added","sequence_number":1,"item":{"type":"message","content":[]}}\n\n',
    token: (word, n) =>
      `event: response.output_text.delta\ndata: {"type":"response.output_text.delta","sequence_number":${n + 1},"item_id":"msg_1","output_index":0,"content_index":0,"delta":"${word}","logprobs":[],"obfuscation":"${'x'.repeat(n % 3)}"}\n\n`,
    after: (n) =>
      'event: response.output_text.done\ndata: {"type":"response.output_text.done","text":"all of it"}\n\n' +
      `event: response.completed\ndata: {"type":"response.completed","response":{"status":"completed","error":null,"usage":{"input_tokens":9,"input_tokens_details":{"cached_tokens":4},"output_tokens":${n},"output_tokens_details":{"reasoning_tokens":0},"total_tokens":${n + 9}}}}\n\n`,
  },
  {
    protocol: 'anthropic',
    name: 'Anthropic',
    before:
      'event: message_start\ndata: {"type":"message_start","message":{"id":"m","role":"assistant","content":[],"usage":{"input_tokens":5,"cache_read_input_tokens":4,"output_tokens":1}}}\n\n' +
      'event: content_block_start\ndata: {"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}\n\nevent: ping\ndata: {"type": "ping"}\n\n',
    token: (word) =>
      `event: content_block_delta\ndata: {"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"${word}"}}\n\n`,
    after: (n) =>
      'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n' +
      `event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn","stop_sequence":null},"usage":{"output_tokens":${n}}}\n\n` +
      'event: message_stop\ndata: {"type":"message_stop"}\n\n',
  },
  {
    protocol: 'tgi',
    name: 'TGI',
    before: '',
    token: (word, n) =>
      `data:{"index":${n},"token":{"id":${n * 7},"text":"${word}","logprob":-0.${n},"special":false},"generated_text":null,"details":null}\n\n`,
    after: (n) =>
      `data:{"index":${n + 1},"token":{"id":2,"text":"</s>","logprob":-1e-05,"special":true},"generated_text":"all","details":{"finish_reason":"eos_token","generated_tokens":${n + 1},"seed":null,"input_length":9}}\n\n`,
  },
  {
    protocol: 'triton',
    name: 'Triton',
    before: '',
    token: (word) =>
      `data: {"model_name":"ensemble","model_version":"1","text_output":"${word}"}\n\n`,
    after: () => '',
  },
  {
    protocol: 'ollama-chat',
    name: 'Ollama',
    before: '',
    token: (word, n) =>
      `{"model":"l","created_at":"2026-01-01T00:00:0${n % 10}.5Z","message":{"role":"assistant","content":"${word}"},"done":false}\n`,
    after: (n) =>
      `{"model":"l","created_at":"x","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":9,"eval_count":${n},"eval_duration":5}\n`,
  },
  {
    protocol: 'ollama-generate',
    name: 'Ollama, thinking first',
    before: '',
    token: (word, n) =>
      `{"model":"l","created_at":"${n}","response":"${n < 5 ? '' : word}"${n < 5 ? `,"thinking":"${word}"` : ''},"done":false}\n`,
    after: (n) =>
      `{"model":"l","created_at":"x","response":"","done":true,"done_reason":"length","prompt_eval_count":9,"eval_count":${n}}\n`,
  },
  {
    protocol: 'llamacpp',
    name: 'llama.cpp',
    before: ': ping\n\n',
    token: (word, n) =>
      `data: {"index":0,"content":"${word}","tokens":[${n},${n + 1}],"stop":false,"id_slot":-1,"tokens_predicted":${n},"tokens_evaluated":9}\n\n`,
    after: (n) =>
      `data: {"index":0,"content":"","tokens":[],"stop":true,"stop_type":"limit","tokens_predicted":${n},"tokens_evaluated":9,"tokens_cached":${n + 9},"truncated":false,"timings":{"cache_n":4,"prompt_n":5}}\n\n`,
  },
  {
    protocol: 'llamacpp',
    name: 'an older llama.cpp',
    before: '',
    token: (word) => `data: {"content":"${word}","stop":false}\n\n`,
    after: (n) =>
      `data: {"content":"","stop":true,"stop_type":"eos","tokens_predicted":${n},"tokens_evaluated":9}\n\n`,
  },
]

/** SGLang's texts are cumulative, so its events are made from all words so far. */
export function sglangStream(words: readonly string[]): string {
  const frames = words.map((_, i) => {
    const text = words.slice(0, i + 1).join('')
    const last = i === words.length - 1
    const meta = {
      prompt_tokens: 9,
      completion_tokens: 2 * (i + 1),
      cached_tokens: 4,
      finish_reason: last ? { type: 'length' } : null,
    }
    return `data: ${JSON.stringify({ text, meta_info: meta })}\n\n`
  })
  return `${frames.join('')}${done}`
}
