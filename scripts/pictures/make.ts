import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs'
import path from 'node:path'
import type { Browser } from 'playwright-core'
import type { Prometheus } from '../prometheus.ts'
import { DASHBOARDS, shootDashboards } from './dashboards.ts'
import { PAGES } from './pages.ts'
import type { PagePicture } from './pages.ts'
import { play, spansOf } from './play.ts'
import { runProgram } from './program.ts'
import { shoot } from './shoot.ts'
import type { Shot } from './shoot.ts'
import type { Steps } from './steps.ts'
import { saveWebp } from './webp.ts'

export interface Making {
  /** Of the runs and their pages. */
  folder: string
  /** Of the pictures that docs show. */
  images: string
  /** Also each page as a phone, a tablet and a desk show it, beside the runs. */
  all: boolean
  browser: Browser
  prometheus: Prometheus
  todo: Steps
}

/** Those that the README shows: npm's page shows no WebP. */
const AS_PNG = new Set(['report', 'dashboard'])

/** Minutes that a run may take, every try included; its command has a bound of its own. */
const PLAY_MINUTES = 35

/** Plays the runs that the pictures are of, one after the other, and makes each picture that has its runs. */
export async function makePictures(names: readonly string[], making: Making): Promise<void> {
  const { folder, prometheus, todo } = making
  const runsOf = (name: string) => (PAGES[name] ?? DASHBOARDS[name])?.runs ?? []
  for (const run of new Set(names.flatMap(runsOf))) {
    if (existsSync(path.join(folder, run))) continue
    await todo.step(`run ${run}`, PLAY_MINUTES, () => play(run, folder, prometheus))
  }
  const ready = names.filter((name) =>
    runsOf(name).every((run) => existsSync(path.join(folder, run))),
  )
  for (const name of ready) {
    const picture = PAGES[name]
    if (picture === undefined) continue
    await todo.step(`picture ${name}`, 5, () => makePage(name, picture, making))
  }
  await makeDashboards(
    ready.filter((name) => name in DASHBOARDS),
    making,
  )
}

async function makePage(name: string, picture: PagePicture, making: Making): Promise<void> {
  const { folder, all, browser, prometheus } = making
  const page = path.join(folder, picture.page)
  const command = picture.command?.((run) => path.join(folder, run))
  // The page anew, with today's program.
  if (command !== undefined) await runProgram(command, 3, prometheus)
  const png = pngOf(name, making)
  const { height, from } = picture
  await shoot(browser, { page, picture: png, width: 1_000, height, from })
  if (all)
    for (const shot of everyShot(page, path.join(folder, 'all', name))) await shoot(browser, shot)
  await publish(name, making)
}

async function makeDashboards(names: readonly string[], making: Making): Promise<void> {
  if (names.length === 0) return
  const { folder, prometheus, todo } = making
  const pngs = path.dirname(pngOf('', making))
  for (const name of names) rmSync(pngOf(name, making), { force: true })
  await todo.step('dashboards', 12, () => shootDashboards(names, pngs, spansOf(folder), prometheus))
  for (const name of names.filter((one) => existsSync(pngOf(one, making)))) {
    await todo.step(`picture ${name}`, 2, () => publish(name, making))
  }
}

function pngOf(name: string, { folder }: Making): string {
  const pngs = path.join(folder, 'png')
  mkdirSync(pngs, { recursive: true })
  return path.join(pngs, `${name}.png`)
}

/** Puts a picture where docs name it. */
async function publish(name: string, making: Making): Promise<void> {
  const { images, browser } = making
  const png = pngOf(name, making)
  const picture = path.join(images, `${name}.${AS_PNG.has(name) ? 'png' : 'webp'}`)
  if (AS_PNG.has(name)) copyFileSync(png, picture)
  else await saveWebp(browser, png, picture)
  console.log(`${picture}: ${Math.ceil(statSync(picture).size / 1000)} kB`)
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
