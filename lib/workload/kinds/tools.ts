import type { Frame, Workload, WorkloadConfig } from '../types.ts'
import { singleKind } from './single.ts'
import { TOOLS } from './tool-schema.ts'

export const TOOLS_FRAME: Frame = {
  key: 'tools',
  parts: 1,
  // Templates write the tools into the prompt, so they are part of the frame's cost.
  build: ([words]) => ({
    messages: [
      {
        role: 'user',
        content: `${words}\n\nThe notes above are about customer 4711. Look up the open orders of that customer.`,
      },
    ],
    tools: TOOLS,
    toolChoice: 'auto',
  }),
}

/** The order is to be looked up; with which words is left to the model. */
const CALLS = { mustCall: true }

/**
 * One turn with tools to call. The call ends the answer, so its length is only bounded: `ignore_eos` and
 * `min_tokens` would ask for text after the call.
 */
export function tools(config: WorkloadConfig): Workload {
  return singleKind({ ...config, ignoreEos: 'off' }, 'tools', TOOLS_FRAME, {}, CALLS)
}
