import type { Task } from '../quality/index.ts'
import type { WorkloadRequest } from './types.ts'

/**
 * All that is known of the right answer to a request: by its workload, and by the request itself, whose form
 * of answer and tools an answer must keep to.
 */
export function taskOf({ request, outputTokens, task }: WorkloadRequest): Task {
  const { type, json_schema: wrapped } = objectOr(request.responseFormat)
  const schema = type === 'json_schema' ? objectOr(wrapped)['schema'] : undefined
  return {
    // An answer whose length the workload sets is cut off on purpose.
    whole: outputTokens === undefined,
    ...(schema === undefined ? {} : { schema }),
    ...(type === 'json_object' ? { json: true } : {}),
    ...(request.tools === undefined || request.toolChoice === 'none'
      ? {}
      : { tools: request.tools }),
    ...(request.toolChoice === 'required' ? { mustCall: true } : {}),
    ...task,
  }
}

function objectOr(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
}
