import type { Detail } from '../runs/index.ts'
import { STATUS_MARKS } from '../report/index.ts'
import type { Report, RunInfo } from '../results/index.ts'
import { answersSection, pageReviews } from './answers.ts'
import { bottleneckOf } from './bottleneck.ts'
import type { PageData } from './chart.ts'
import { curveCharts, histogramCharts } from './charts/distribution.ts'
import { sweepCharts } from './charts/sweep.ts'
import { timeCharts } from './charts/time.ts'
import { chartPlace, framed } from './frame.ts'
import type { Assets, Section } from './frame.ts'
import { headerOf } from './header.ts'
import { sloSection } from './limits.ts'
import { phasesOf } from './phases.ts'
import {
  bottleneckSection,
  configSection,
  distributionSection,
  endpointSection,
  groupsSection,
  latencySection,
  loadSection,
  outcomeSection,
  ownSection,
  qualitySection,
  slowestSection,
  sweepSection,
  timeSection,
} from './sections.ts'

export interface PageInput extends Assets {
  report: Report
  /** From the records, where there are any. */
  detail?: Detail | undefined
  plan?: RunInfo['plan'] | undefined
}

/**
 * The report as one HTML file, in the order in which people decide: the verdict and what limits its worth,
 * the limits, what held the run back, its course and distributions, then the tables.
 */
export function renderHtml({ report, detail, plan, ...assets }: PageInput): string {
  const { verdict, run } = report
  const data: PageData = {
    phases: phasesOf(report, plan),
    charts: {
      sweep: sweepCharts(report),
      time: timeCharts(report, detail),
      histograms: histogramCharts(detail?.histograms ?? []),
      curves: curveCharts(detail?.curves ?? []),
    },
    reviews: pageReviews(report, detail),
  }
  const place = (name: string, columns?: 'three') => chartPlace(data, name, columns)
  const figures: Section[] = [
    sloSection(report),
    bottleneckSection(bottleneckOf(report, detail, plan), verdict.reasons),
    sweepSection(report, place('sweep')),
    timeSection(detail, place('time')),
    distributionSection(place('histograms', 'three') + place('curves')),
    latencySection(report),
    loadSection(report),
    endpointSection(report),
    qualitySection(report),
    groupsSection(detail),
    outcomeSection(report, detail),
    slowestSection(detail),
    answersSection(report, detail),
  ]
  const { mark, tone } = STATUS_MARKS[verdict.status]
  return framed(assets, {
    title: `${verdict.headline} · ${run.scenario}`,
    tone,
    mark,
    headline: verdict.headline,
    header: headerOf(report),
    sections: [
      ...(verdict.status === 'no_load' ? [] : figures),
      ownSection(report),
      configSection(report),
    ],
    data,
  })
}
