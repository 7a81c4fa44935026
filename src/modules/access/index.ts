export { type AuditDeps, AuditTrail, keepRefusals, macOf } from './audit.ts'
export { AUDIT_BUCKET, type AuditRow, auditText } from './core-audit.ts'
export { type Change, changesOf } from './core-changes.ts'
