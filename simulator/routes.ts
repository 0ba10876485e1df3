import type { Json } from './body.ts'
import { formats } from './formats/index.ts'
import type { FormatName, WireFormat } from './formats/index.ts'

/** What a path asks for. */
export interface Route {
  /** Of the path's formats the first. */
  name: FormatName
  /** Formats of this path: one, or more that part by a member of the body. */
  choices: readonly { format: WireFormat; has: string | undefined }[]
  /** The path says whether the answer is streamed. */
  stream: boolean | undefined
  /** Name of the model, where the path holds it. */
  model: string | undefined
}

/** @returns undefined when no wire format has this path */
export function routeOf(path: string): Route | undefined {
  if (path === '/v1/embeddings')
    return { name: 'embeddings', choices: [], stream: false, model: undefined }
  let route: Route | undefined
  for (const format of formats) {
    for (const { path: pattern, stream, has } of format.paths) {
      const match = pattern.exec(path)
      if (match === null) continue
      const model = match.groups?.['model']
      route ??= {
        name: format.name,
        choices: [],
        stream,
        model: model === undefined ? undefined : decodeURIComponent(model),
      }
      route = { ...route, choices: [...route.choices, { format, has }] }
    }
  }
  return route
}

/** The format of a request; undefined for embeddings. */
export function formatOf({ choices }: Route, body: Json): WireFormat | undefined {
  const fits = choices.find(({ has }) => has === undefined || body[has] !== undefined)
  return (fits ?? choices[0])?.format
}
