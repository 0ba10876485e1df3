import { badField } from '../api-error.ts'
import { isObject } from '../body.ts'
import type { Json } from '../body.ts'
import { readMessages } from '../messages.ts'
import {
  createFrames,
  doneLine,
  openaiError,
  openaiErrorEvent,
  readCommon,
  usageJson,
  ridesOf,
} from './openai.ts'
import type { AnswerHead, AnswerWriter, Choice, Piece, WholeChoice, WireFormat } from './types.ts'

/** OpenAI chat completions, as vLLM and most servers stream them. */
export const chat: WireFormat = {
  name: 'chat',
  framing: 'sse',
  paths: [{ path: /^\/v1\/chat\/completions$/ }],
  countsAlways: false,
  reasons: true,
  read(body, { strict }) {
    const tools = Array.isArray(body['tools']) ? body['tools'] : []
    const messages = readMessages(body['messages'])
    const tool = toolCalled(body)
    return {
      ...readCommon(body, strict),
      prompts: [{ messages, tools }],
      promptField: 'messages',
      tool,
      schema: tool === undefined ? schemaOf(body['response_format']) : parametersOf(tools, tool),
    }
  },
  createWriter,
  whole(head, choices, usage) {
    const { id, created, model } = head
    const body = {
      id,
      object: 'chat.completion',
      created,
      model,
      choices: choices.map((choice) => wholeChoice(choice, head.options.reasoningField)),
    }
    const text = JSON.stringify(body)
    return usage === undefined ? text : `${text.slice(0, -1)},"usage":${usageJson(usage)}}`
  },
  doneLine,
  errorBody: openaiError,
  errorEvent: openaiErrorEvent,
}

function toolCalled(body: Json): string | undefined {
  const tools = body['tools']
  if (!Array.isArray(tools) || tools.length === 0 || body['tool_choice'] === 'none')
    return undefined
  const name = nameOf(body['tool_choice']) ?? nameOf(tools[0])
  if (name === undefined)
    throw badField('tools', 'tools[0] must be {"type":"function","function":{"name":…}}')
  return name
}

function schemaOf(format: unknown): unknown {
  const wrapped = isObject(format) ? format['json_schema'] : undefined
  return isObject(wrapped) ? wrapped['schema'] : undefined
}

function parametersOf(tools: readonly unknown[], name: string): unknown {
  const tool = tools.find((one) => nameOf(one) === name)
  const fn = isObject(tool) ? tool['function'] : undefined
  return isObject(fn) ? fn['parameters'] : undefined
}

function nameOf(tool: unknown): string | undefined {
  const fn = isObject(tool) ? tool['function'] : undefined
  return isObject(fn) && typeof fn['name'] === 'string' ? fn['name'] : undefined
}

function createWriter(head: AnswerHead): AnswerWriter {
  const { options, faults } = head
  const frames = createFrames('chat.completion.chunk', head)
  const opened = new Set<number>()
  const usageRides = ridesOf(head)

  function delta(choice: Choice, piece: Piece): string {
    const text = JSON.stringify(piece.text)
    const role = opened.has(choice.index) ? '' : '"role":"assistant",'
    opened.add(choice.index)
    if (piece.part === 'content') return `${role}"content":${text}`
    if (piece.part === 'reasoning')
      return faults['reasoning-details']
        ? `${role}"content":"","reasoning_details":[{"type":"reasoning.text","text":${text},"index":0}]`
        : `${role}"${options.reasoningField}":${text}`
    const name = piece.opensTool
      ? `"id":"call_${choice.seed.toString(36)}","type":"function","function":{"name":${JSON.stringify(choice.tool)},`
      : '"function":{'
    return `${role}"tool_calls":[{"index":0,${name}"arguments":${text}}}]`
  }

  return {
    finishOnLast: options.wire.finish === 'lastToken',
    usageRides,
    open(choice) {
      if (options.wire.role === 'none') return []
      opened.add(choice.index)
      return [frames.choice(choice.index, '"delta":{"role":"assistant","content":""}', undefined)]
    },
    piece: (choice, piece, usage, reason) => [
      frames.choice(choice.index, `"delta":{${delta(choice, piece)}}`, reason, usage),
    ],
    finish: (choice, reason, usage) => [frames.choice(choice.index, '"delta":{}', reason, usage)],
    close: (_reason, usage) => (usage === undefined || usageRides ? [] : [frames.usage(usage)]),
    done: () => [],
    usage: (usage) => [frames.usage(usage)],
  }
}

function wholeChoice(choice: WholeChoice, reasoningField: string): object {
  const message: Json = { role: 'assistant', content: choice.content }
  if (choice.reasoning !== '') message[reasoningField] = choice.reasoning
  if (choice.arguments !== undefined) {
    const call = { name: choice.tool, arguments: choice.arguments }
    message['content'] = null
    message['tool_calls'] = [
      { id: `call_${choice.seed.toString(36)}`, type: 'function', function: call },
    ]
  }
  return { index: choice.index, logprobs: null, finish_reason: choice.reason, message }
}
