import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startPrometheus } from '../prometheus.ts'
import { startChromium } from './chromium.mjs'
import { DASHBOARDS } from './dashboards.ts'
import { makePictures } from './make.ts'
import { PAGES } from './pages.ts'
import { PORTS } from './runs.ts'
import { steps } from './steps.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const ALL = [...Object.keys(PAGES), ...Object.keys(DASHBOARDS)]

/** Port of node_exporter, for the dashboard of hosts. */
const NODE_EXPORTER = 19_100

const HELP = `Usage: npm run pictures [-- options]

Makes the pictures of docs/images: plays real runs against the simulator (about half an hour; a few requests/s, so
two cores with some other work do), makes every page of them, and takes a picture of each. What fails is told, keeps
its old picture, and does not stop the others.

It takes Chromium (CHROMIUM, or where Linux distributions put it) and \`prometheus\` on the PATH. Dashboards are
drawn where grafana/preview has its packages (npm install there). The figures of the machine itself are on them where
node_exporter listens at port ${NODE_EXPORTER}.

  --only NAME  this picture alone, and the runs that it is of; may be repeated:
               ${wrapped(ALL)}
  --runs DIR   folder of the runs; those that it holds are not played again (default results/pictures)
  --all        also each page at 400, 1000 and 1400 px in light and dark, beside the runs: to look at`

function wrapped(names: readonly string[]): string {
  const half = Math.ceil(names.length / 2)
  return `${names.slice(0, half).join(', ')},\n               ${names.slice(half).join(', ')}`
}

async function main(args: readonly string[]): Promise<number> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      only: { type: 'string', multiple: true, default: ALL },
      runs: { type: 'string', default: path.join(ROOT, 'results', 'pictures') },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) {
    console.log(HELP)
    return 0
  }
  const unknown = values.only.filter((name) => !ALL.includes(name))
  if (unknown.length > 0) {
    console.error(`--only ${unknown.join(', ')}: accepted: ${ALL.join(', ')}`)
    return 2
  }
  const folder = path.resolve(values.runs)
  mkdirSync(folder, { recursive: true })
  const prometheus = await startPrometheus({
    scrape: [
      { job: 'vllm', target: `127.0.0.1:${PORTS[0]}`, path: '/metrics' },
      { job: 'node', target: `127.0.0.1:${NODE_EXPORTER}`, path: '/metrics' },
    ],
    data: path.join(folder, 'prometheus'),
  })
  const todo = steps()
  const browser = await todo.step('start of Chromium', 2, startChromium)
  if (browser !== undefined) {
    const images = path.join(ROOT, 'docs', 'images')
    await makePictures(values.only, { folder, images, all: values.all, browser, prometheus, todo })
    await todo.step('end of Chromium', 1, () => browser.close())
  }
  await todo.step('end of Prometheus', 1, () => prometheus.stop())
  if (todo.problems.length > 0) console.error(`\nnot done:\n  ${todo.problems.join('\n  ')}`)
  return todo.problems.length === 0 ? 0 : 1
}

// What a step that took too long left behind ends with this.
process.exit(await main(process.argv.slice(2)))
