import path from 'node:path'
import { GRADES, NIGHTLY } from './runs.ts'

/** A page that the program writes, and what its picture shows. */
export interface PagePicture {
  /** Names of the runs that it is made of. */
  runs: readonly string[]
  /** Below the folder of runs. */
  page: string
  /** Arguments of the program that make it anew; none where a run's own command does. @param at path of a run or a page */
  command?: (at: (name: string) => string) => string[]
  /** What is shown, px. */
  height: number
  /** The picture begins with this element of the page; by default at its top. */
  from?: string
}

/** Pages by the name of their picture. */
export const PAGES: Readonly<Record<string, PagePicture>> = {
  report: report('before', 1_180),
  'report-sweep': { ...report('sweep', 900), from: '#sweep' },
  'report-quality': { ...report('graded/int4', 270), from: '#quality' },
  comparison: {
    runs: ['against'],
    page: 'comparison.html',
    command: (at) => [
      ...['compare', at('against/a'), at('against/b'), '--out', at('comparison.html'), '--force'],
    ],
    height: 1_180,
  },
  trend: {
    runs: NIGHTLY,
    page: 'trend.html',
    command: (at) => ['compare', '--trend', at('nightly'), '--out', at('trend.html'), '--force'],
    height: 1_000,
  },
  capacity: { runs: ['capacity'], page: 'capacity/capacity.html', height: 1_060 },
  cost: {
    runs: ['against', 'capacity'],
    page: 'cost.html',
    command: (at) => [
      ...['cost', at('against/a/repeat-1'), '--gpu-hour', '2.5', '--gpu-hour-spot', '1.1'],
      ...['--capacity', at('capacity/capacity.json'), '--price-input', '1', '--price-output', '3'],
      ...['--daily', '2,1,1,1,2,6,14,22,25,25,20,8', '--out', at('cost.html'), '--force'],
    ],
    height: 1_000,
  },
  frontier: {
    runs: GRADES,
    page: 'frontier.html',
    command: (at) => [
      ...['frontier', ...GRADES.map((name) => `${path.basename(name)}=${at(name)}`)],
      ...['--hour', '5', '--limit', 'quality=50%', '--out', at('frontier.html'), '--force'],
    ],
    height: 1_100,
  },
  providers: { runs: ['providers'], page: 'providers/providers.html', height: 1_100 },
}

function report(run: string, height: number): PagePicture {
  return {
    runs: [run],
    page: path.join(run, 'report.html'),
    command: (at) => ['report', at(run), '--force'],
    height,
  }
}
