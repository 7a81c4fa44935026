/** One step of a control chart: how many were opened and closed in it, and between which limits that is usual. */
export interface ControlPoint {
  readonly opened: number
  readonly closed: number
  /** Null while there is too little history to say. */
  readonly limits: { readonly low: number; readonly high: number } | null
}

export const outOfLimits = ({ opened, limits }: ControlPoint): boolean =>
  limits !== null && (opened > limits.high || opened < limits.low)
