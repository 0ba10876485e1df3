import { readDuration } from './duration.ts'
import { value, type Read } from './outcome.ts'

/** Start of a trace's window: ms after its first request, or its busiest stretch. */
export function readWindowStart(text: string): Read<number | 'busiest'> {
  return text.toLowerCase() === 'busiest' ? value('busiest' as const) : readDuration(text)
}
