/** Method and path of every operation, taken from the contract when the console is built (see web/routes-plugin.ts). */
declare module 'virtual:routes' {
  import type { OperationId } from '../../src/contract/api/index.ts'
  export const paths: Readonly<Record<OperationId, string>>
}
