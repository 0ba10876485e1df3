import type { JudgeSettings } from './types.ts'

/** Settings that scores depend on, by what options call them. The rating that passes can change: ratings are kept. */
const SAME: Readonly<Record<string, (settings: JudgeSettings) => unknown>> = {
  api: ({ api }) => api,
  model: ({ model }) => model,
  rubric: ({ rubric }) => rubric,
  scale: ({ scale: { from, to } }) => `${from}-${to}`,
  body: ({ body }) => body,
}

/** What differs between two sessions that would make their scores those of two judges. */
export function otherSettings(a: JudgeSettings, b: JudgeSettings): string[] {
  return Object.entries(SAME).flatMap(([name, of]) => (of(a) === of(b) ? [] : [name]))
}
