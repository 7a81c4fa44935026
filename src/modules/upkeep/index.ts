export { BACKUP_FAILED, BACKUP_SLICE, type BackupState, backupReactor } from './core-backup.ts'
