import type { Table } from '../../tables/index.ts'
import type { Report } from '../../results/index.ts'
import { answerRows } from './answer-rows.ts'
import { divergenceRows, divergenceTable } from './divergence-table.ts'
import { qualityRows, qualityTable } from './quality-tables.ts'
import { endpointTable, groupTable, sweepTable } from './shape-tables.ts'
import { latencyTable, loadTable, resultRows, sloTable } from './tables.ts'

/**
 * The tables of a run's figures, in the order of use; those that do not apply are empty.
 * @param latencies whose: a screen has no room for a warm-up's
 */
export function figureTables(report: Report, latencies: 'all' | 'measured' = 'all'): Table[] {
  return [
    sloTable(report),
    sweepTable(report),
    endpointTable(report),
    groupTable(report),
    qualityTable(report),
    divergenceTable(report),
    latencyTable(report, latencies),
    loadTable(report),
  ]
}

/** The figures that stand below the tables, each with its label. */
export function figureRows(report: Report): [string, string][] {
  return [
    ...resultRows(report),
    ...qualityRows(report),
    ...answerRows(report),
    ...divergenceRows(report),
  ]
}
