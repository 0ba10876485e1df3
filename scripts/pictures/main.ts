import { mkdirSync, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { startChromium } from './chromium.mjs'
import { shootDashboards } from './dashboards.ts'
import { cli, play } from './runs.ts'
import type { Played } from './runs.ts'
import { shoot } from './shoot.ts'
import type { Shot } from './shoot.ts'
import { toWebp } from './webp.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const IMAGES = path.join(ROOT, 'docs', 'images')

const HELP = `Usage: npm run pictures [-- --runs DIR]

Makes the pictures of docs/images: plays real runs against the simulator (about ten minutes on a machine
that does nothing else), makes every page of them, and takes a picture of each. Dashboards are drawn where
grafana/preview has its packages (npm install there) and \`prometheus\` is on the PATH.

  --runs DIR   folder of the runs; those that it holds are not played again (default results/pictures)
  --all        also each page at 400, 1000 and 1400 px in light and dark, beside the runs: to look at`

/** Those that README and docs show: npm takes no WebP everywhere. */
const AS_PNG = new Set(['report', 'dashboard', 'dashboard-runs'])

/** Pages by the name of their picture, with what is shown of each, px. */
function pagesOf(folder: Played['folder']): Record<string, { page: string; height: number }> {
  return {
    report: { page: path.join(folder('before'), 'report.html'), height: 1_180 },
    'report-sweep': { page: path.join(folder('sweep'), 'report.html'), height: 1_180 },
    comparison: { page: folder('comparison.html'), height: 1_180 },
    trend: { page: folder('trend.html'), height: 1_000 },
    capacity: { page: folder('capacity.html'), height: 900 },
    cost: { page: folder('cost.html'), height: 620 },
  }
}

async function main(args: readonly string[]): Promise<void> {
  const { values } = parseArgs({
    args: [...args],
    options: {
      runs: { type: 'string', default: path.join(ROOT, 'results', 'pictures') },
      all: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  })
  if (values.help) return console.log(HELP)
  const runs = path.resolve(values.runs)
  mkdirSync(path.join(runs, 'nightly'), { recursive: true })
  const played = await play(runs)
  const browser = await startChromium()
  try {
    await makePages(played)
    const pages = pagesOf(played.folder)
    const shots = Object.entries(pages).flatMap(([name, { page, height }]): Shot[] => [
      { page, picture: path.join(IMAGES, `${name}.png`), width: 1_000, height },
      ...(values.all ? everyShot(page, path.join(runs, 'all', name)) : []),
    ])
    for (const shot of shots) await shoot(browser, shot)
    const dashboards = await shootDashboards(played, IMAGES)
    for (const name of [...Object.keys(pages), ...dashboards]) {
      const png = path.join(IMAGES, `${name}.png`)
      const picture = AS_PNG.has(name) ? png : await toWebp(browser, png)
      console.log(`${picture}: ${Math.ceil(statSync(picture).size / 1000)} kB`)
    }
  } finally {
    await browser.close()
    await played.prometheus.stop()
  }
}

/** The pages anew, with today's program. That of the capacity is the search's own. */
async function makePages({ folder, prometheus }: Played): Promise<void> {
  const commands = [
    ['report', folder('before'), '--force'],
    ['report', folder('sweep'), '--force'],
    ['compare', folder('before'), folder('after'), '--out', folder('comparison.html'), '--force'],
    ['compare', '--trend', folder('nightly'), '--out', folder('trend.html'), '--force'],
    ['cost', folder('sweep'), '--gpu-hour', '2.5', '--out', folder('cost.html'), '--force'],
  ]
  for (const command of commands) await cli(command, prometheus)
}

/** Whole pages, as a phone, a tablet and a desk show them. */
function everyShot(page: string, base: string): Shot[] {
  return [400, 1_000, 1_400].flatMap((width) =>
    (['light', 'dark'] as const).map((colorScheme) => ({
      page,
      picture: `${base}-${width}-${colorScheme}.png`,
      width,
      colorScheme,
    })),
  )
}

await main(process.argv.slice(2))
