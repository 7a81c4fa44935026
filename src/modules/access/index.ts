export { type AuditDeps, AuditTrail, macOf } from './audit.ts'
export { AUDIT_BUCKET, type AuditRow, auditText } from './core-audit.ts'
