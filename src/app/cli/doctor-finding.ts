export type Grade = 'ok' | 'warn' | 'fail'

export interface Finding {
  readonly name: string
  readonly grade: Grade
  readonly says: string
  /** What to do; empty when all is well. */
  readonly todo: string
}

/** Bytes. */
export const GIB = 1024 ** 3

export const ok = (name: string, says: string): Finding => ({ name, grade: 'ok', says, todo: '' })
export const warn = (name: string, says: string, todo: string): Finding => ({ name, grade: 'warn', says, todo })
export const fail = (name: string, says: string, todo: string): Finding => ({ name, grade: 'fail', says, todo })
