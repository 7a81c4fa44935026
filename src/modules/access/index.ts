export { type AccessDeps, type By, type DenialCode, Denied } from './access.ts'
export { isNetwork } from './addresses.ts'
export { type AuditDeps, AuditTrail, keepRefusals, macOf } from './audit.ts'
export { Auth, type From } from './auth.ts'
export type { SsoProvider } from './auth-options.ts'
export { AUDIT_BUCKET, type AuditRow, auditText } from './core-audit.ts'
export { type Change, changesOf } from './core-changes.ts'
export { LONGEST_PASSWORD, SHORTEST_PASSWORD } from './core-password.ts'
export { ADMINISTRATOR, BUILT_IN, isBuiltIn } from './core-roles.ts'
export { deviceOf } from './device.ts'
export { type ApiKey, keysCalled, listKeys, namesOfKeys } from './keys.ts'
export {
  holdersOf,
  listPeople,
  namesOfPeople,
  type Person,
  passwordHash,
  personByHandle,
  personById,
  welcome,
} from './people.ts'
export { type KeyAnswer, type Limits, Principals, SESSION_LIFE } from './principals.ts'
export { roleVersions, type StoredRole } from './roles.ts'
export { sessionsOf, tidySignIns } from './sessions.ts'
export { standing, type Taken, takeAgain } from './taken.ts'
export { Throttle } from './throttle.ts'
export { newToken } from './tickets.ts'
export type { Assignment, Cells, Role } from './types.ts'
export {
  changeMyself,
  changePassword,
  confirmTotp,
  endMySessions,
  myself,
  newRecoveryCodes,
  startTotp,
  stopTotp,
} from './verbs/account.ts'
export type { EntryDeps, Knock } from './verbs/entry.ts'
export { changeKey, createKey, type KeyGiven, renewedKey, revokeKey, rotateKey, USUAL_RATE } from './verbs/keys.ts'
export {
  acceptInvitation,
  askReset,
  firstRunLink,
  lookAtLink,
  practiceLink,
  resetPassword,
  setUp,
  signInLink,
  useSignInLink,
} from './verbs/links.ts'
export {
  changePerson,
  clearTotp,
  endSessionsOf,
  ensurePerson,
  found as foundPerson,
  invitePerson,
  renewLink,
  setPersonStatus,
} from './verbs/people.ts'
export { allRoles, changeRole, createRole, retireRole } from './verbs/roles.ts'
export { signIn, signInSecond, signOut } from './verbs/sign-in.ts'
export { finishSso, startSso } from './verbs/sso.ts'
