import { playPart } from './play.ts'
import type { Part } from './play.ts'
const [k6, part, ...formats] = process.argv.slice(2)
for (const format of formats) {
  const p = await playPart(k6!, '/tmp/faults-bundles/chat-steady.js', part as Part, format as any)
  console.log(format, p.rows, p.wallS, p.peakMiB, '\n' + p.problems.join('\n'))
}
