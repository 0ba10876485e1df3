import { KINDS } from '../faults/kinds.ts'
import type { Kind, KindName } from '../faults/kinds.ts'
import { scripted } from '../faults/play.ts'
import { STREAMS } from '../faults/rows.ts'
import type { Expected } from '../faults/rows.ts'
import { simulated } from '../faults/simulated.ts'
import { heavyRows } from '../faults/table/heavy.ts'

const played = [...scripted, ...simulated, ...heavyRows]

/** What a server does → what we say: a line for each kind, as the table of faults expects it of a run. */
export function behaviourRows(): string[][] {
  return Object.entries<Kind>(KINDS).map(([name, { does, figures, said }]) => {
    const rows = played.filter(({ kind }) => kind === (name as KindName))
    const expected = rows.flatMap((row) =>
      STREAMS.filter((format) => row.formats.includes(format)).map((format) => row.expect(format)),
    )
    const words = new Set(expected.flatMap(wordsOf))
    const all = [...(said === undefined ? [] : [said]), ...joined([...words])]
    return [does, figures, all.join('; ') || '–', rows.length === 0 ? '–' : String(rows.length)]
  })
}

function wordsOf({ outcome, reason, notes, hidden, malformed }: Expected): string[] {
  if (outcome !== 'completed') return [`\`${outcome}\`, \`${reason}\``]
  const noted = notes.map((note) => `note \`${note}\``)
  if (hidden) noted.push('warning `hidden_reasoning`')
  if (malformed > 0) noted.push('warning `malformed_events`')
  return noted
}

/** A status each is one reason of many. */
function joined(words: readonly string[]): string[] {
  const others = words.filter((one) => !one.startsWith('`http_error`'))
  return others.length === words.length ? others : ['`http_error`, `http_<status>`', ...others]
}
