import type { Expression } from '../promql/ast.ts'

/** What is computed again and again and kept under a name. `line` is where it begins in its file, from 1. */
export type RecordingRule = Readonly<{
  type: 'recording'
  record: string
  query: string
  expression: Expression
  labels: Readonly<Record<string, string>>
  line: number
}>

/** When people are told of what. It is checked with the others; nobody evaluates it here. */
export type AlertingRule = Readonly<{ type: 'alerting'; alert: string; line: number }>

export type Rule = RecordingRule | AlertingRule

/** Rules that are evaluated together, one after the other, so that each sees what those before it came to. */
export type RuleGroup = Readonly<{
  file: string
  name: string
  /** Null where the file does not say. */
  intervalMs: number | null
  /** How many series a rule may come to; 0 is without a limit. */
  limit: number
  rules: readonly Rule[]
}>

/** What is wrong in a file of rules, and in which of its lines. */
export type RuleMistake = Readonly<{ file: string; line: number; what: string }>
