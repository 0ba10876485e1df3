import type { GenerationRequest } from '../protocols/index.ts'
import type { Task } from '../quality/index.ts'

/** A request's prompt as people read it: one message or text as it is, several messages each with its role. */
export function shownPrompt({ messages, prompt }: GenerationRequest): string {
  if (prompt !== undefined || messages === undefined) return [prompt ?? ''].flat().join('\n\n')
  const [only] = messages
  if (messages.length === 1 && only?.role === 'user') return only.content
  return messages.map(({ role, content }) => `${role}: ${content}`).join('\n\n')
}

/** What is known of the right answer as texts: those that are expected, and calls of tools as JSON. */
export function shownTask({ expected = [], calls = [] }: Task): string[] {
  return [...expected, ...calls.map((call) => JSON.stringify(call))]
}
