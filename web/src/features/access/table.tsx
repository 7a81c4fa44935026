export { type Column, Table } from '../../kit/table.tsx'
