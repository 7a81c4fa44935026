import type { Fact } from '../../contract/stream.ts'
import type { Instant } from '../../kernel/instant.ts'
import type { JsonObject } from '../../kernel/json.ts'
import { atOf, boundedEvidence, clearsIn, countIn, objectIn, severityIn, textIn } from './core-body.ts'
import type { CasesState, Finding } from './types.ts'

// A stream's state stays small however much goes wrong on it: a rule keeps this many scopes apart, the rest share one
// collective finding and so one case ...
export const SCOPES_APART = 24
export const COLLECTIVE = '*'
// ... and evidence is kept in full for the first findings and in short for those that follow.
export const FULL_EVIDENCE = { findings: 12, bytes: 1024 } as const
export const SHORT_EVIDENCE_BYTES = 160

export const findingKey = (rule: string, scope: string): string => (scope === '' ? rule : `${rule}/${scope}`)

type Findings = CasesState['findings']

/** The finding that a raise or clear is about: its own, or the rule's collective one; null when there is neither. */
export function findingOf(findings: Findings, body: JsonObject): Finding | null {
  const rule = textIn(body, 'rule') ?? ''
  const key = findingKey(rule, textIn(body, 'scope') ?? '')
  if (Object.hasOwn(findings, key)) return findings[key]!
  const shared = findingKey(rule, COLLECTIVE)
  return Object.hasOwn(findings, shared) ? findings[shared]! : null
}

interface Fingerprint {
  readonly type: string
  readonly scope: string
}

const isOf = (f: Finding, { type, scope }: Fingerprint): boolean => f.type === type && f.scope === scope

/** The findings that hold now for a case, the latest raised last. */
export const holdersOf = (findings: Findings, of: Fingerprint): Finding[] =>
  Object.values(findings)
    .filter(f => f.holding > 0 && isOf(f, of))
    .sort((a, b) => a.raisedAt - b.raisedAt)

/** When the latest of a case's findings stopped to hold; null when none did. */
export function lastClear(findings: Findings, of: Fingerprint): Instant | null {
  const clears = Object.values(findings).flatMap(f => (isOf(f, of) && f.clearedAt !== null ? [f.clearedAt] : []))
  return clears.length === 0 ? null : Math.max(...clears)
}

/** Notes which raise opens the case of its fingerprint, so that a second raise in the same queue does not open it too. */
export function claimOpening(findings: Findings, fact: Fact): Findings {
  const finding = findingOf(findings, fact.body)
  if (finding === null || Object.values(findings).some(f => f.opens !== undefined && isOf(f, finding))) return findings
  return { ...findings, [findingKey(finding.rule, finding.scope)]: { ...finding, opens: fact.seq } }
}

/** The case is there. */
export const endOpening = (findings: Findings, of: Fingerprint): Findings =>
  Object.fromEntries(
    Object.entries(findings).map(([key, { opens, ...f }]) => [
      key,
      opens === undefined || isOf(f, of) ? f : { ...f, opens },
    ]),
  )

/** `finding.raised`: it holds from now on, with the evidence of this raise. */
export function raise(findings: Findings, fact: Fact): Findings {
  const { body } = fact
  const rule = textIn(body, 'rule')
  if (rule === null) return findings
  const scope = scopeFor(findings, rule, textIn(body, 'scope') ?? '')
  const key = findingKey(rule, scope)
  const before = Object.hasOwn(findings, key) ? findings[key]! : null
  const type = textIn(body, 'type') ?? rule
  const full = before !== null || Object.keys(findings).length < FULL_EVIDENCE.findings
  const finding: Finding = {
    rule,
    version: countIn(body, 'version', 1),
    type,
    scope,
    severity: severityIn(body, 'P2'),
    clears: clearsIn(body),
    holding: scope === COLLECTIVE ? (before?.holding ?? 0) + 1 : 1,
    raisedAt: atOf(fact),
    clearedAt: null,
    evidence: boundedEvidence(objectIn(body, 'evidence'), full ? FULL_EVIDENCE.bytes : SHORT_EVIDENCE_BYTES),
    ...(before?.opens !== undefined && before.type === type && { opens: before.opens }),
  }
  return { ...findings, [key]: finding }
}

function scopeFor(findings: Findings, rule: string, scope: string): string {
  if (scope === '' || Object.hasOwn(findings, findingKey(rule, scope))) return scope
  const apart = Object.values(findings).filter(f => f.rule === rule).length
  return apart < SCOPES_APART ? scope : COLLECTIVE
}

/** `finding.cleared`: it does not hold any more; its evidence stays, it says why there was a case. */
export function clear(findings: Findings, fact: Fact): Findings {
  const before = findingOf(findings, fact.body)
  if (before === null || before.holding === 0) return findings
  const holding = before.holding - 1
  const clearedAt = holding === 0 ? atOf(fact) : null
  return { ...findings, [findingKey(before.rule, before.scope)]: { ...before, holding, clearedAt } }
}
