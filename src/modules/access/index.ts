export { type AuditDeps, AuditTrail } from './audit.ts'
