import type { Table } from '../../tables/index.ts'
import type { Report } from '../../results/index.ts'
import { divergenceRows, divergenceTable } from './divergence-table.ts'
import { qualityRows, qualityTable } from './quality-tables.ts'
import { endpointTable, groupTable, sweepTable } from './shape-tables.ts'
import { latencyTable, loadTable, resultRows, sloTable } from './tables.ts'

/** The tables of a run's figures, in the order of use; those that do not apply are empty. */
export function figureTables(report: Report): Table[] {
  return [
    sloTable,
    sweepTable,
    endpointTable,
    groupTable,
    qualityTable,
    divergenceTable,
    latencyTable,
    loadTable,
  ].map((tableOf) => tableOf(report))
}

/** The figures that stand below the tables, each with its label. */
export function figureRows(report: Report): [string, string][] {
  return [...resultRows(report), ...qualityRows(report), ...divergenceRows(report)]
}
