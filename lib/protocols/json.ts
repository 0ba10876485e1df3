import { isObject } from './effects.ts'
import type { Json } from './effects.ts'

/** @returns the JSON object in `body`, undefined when it is none */
export function parseObject(body: string): Json | undefined {
  try {
    const value: unknown = JSON.parse(body)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}
