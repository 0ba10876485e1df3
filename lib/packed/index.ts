export { packInts, intsReader, packLists, listsReader } from './ints.ts'
export { packTable, isPackedTable, isWholeTable, tableReader } from './table.ts'
export type { PackedColumn, PackedMeta, ColumnInput, TableReader } from './table.ts'
