import type { Flag } from './flags.ts'
import type { Verb } from './verb.ts'

export function overview(verbs: readonly Verb[]): string {
  const width = Math.max(...verbs.map(v => v.name.length))
  return [
    'andon <verb> ...',
    '',
    ...verbs.map(v => `  ${v.name.padEnd(width)}  ${v.summary}`),
    '',
    'andon <verb> --help tells more. Exit code: 0 all is well, 1 something is not, 2 the command line cannot be used.',
  ].join('\n')
}

export function helpOf(verb: Verb): string {
  const flags = Object.entries(verb.flags).map(([name, flag]): [string, string] => [said(name, flag), flag.help])
  const width = Math.max(...flags.map(([left]) => left.length))
  return [
    `andon ${verb.name}${verb.words ? ` ${verb.words}` : ''} [flags]`,
    '',
    ...verb.about,
    '',
    ...flags.map(([left, help]) => `  ${left.padEnd(width)}  ${help}`),
  ].join('\n')
}

const said = (name: string, { value }: Flag): string => (value === undefined ? `--${name}` : `--${name} <${value}>`)
