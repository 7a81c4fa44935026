import { posix } from 'node:path'
import type { Problem, SourceFile } from './source.ts'

export interface Text {
  /** Where it stands, from the root. */
  readonly path: string
  /** 1-based line of its first character. */
  readonly line: number
  readonly text: string
}

/** Does this path (from the root, no slash at the end) exist? */
export type Exists = (path: string) => boolean

const TREES = '(?:src|test|docs|scripts|packs|bench|migrations|web|examples|\\.ci)'
const IN_BACKTICKS = new RegExp(`\`(?:\\./)?(${TREES}/[^\`\\s]*)\``, 'g')
const LINK = /\]\((?!https?:|mailto:|#)([^)\s#]+)(?:#[^)]*)?\)/g
// Written by a run, so absent on a fresh clone.
const WRITTEN_LATER = /^bench\/results(\/|$)/

/** Paths in backticks, and for Markdown the targets of links, that lead nowhere. */
export function brokenReferences(where: Text, exists: Exists): Problem[] {
  const named = matchesOf(where, IN_BACKTICKS).map(m => ({ ...m, path: fixedPart(m.target) }))
  const linked = where.path.endsWith('.md')
    ? matchesOf(where, LINK).map(m => ({
        ...m,
        path: posix.normalize(posix.join(posix.dirname(where.path), m.target)),
      }))
    : []
  return [...named, ...linked]
    .filter(found => !WRITTEN_LATER.test(found.path) && !exists(withoutSlash(found.path)))
    .map(found => ({
      path: where.path,
      line: found.line,
      code: 'reference-broken',
      message: `${found.target} does not exist`,
    }))
}

function matchesOf({ text, line }: Text, pattern: RegExp): { target: string; line: number }[] {
  return [...text.matchAll(pattern)].map(m => ({
    target: m[1] ?? '',
    line: line + text.slice(0, m.index).split('\n').length - 1,
  }))
}

// A pattern (`*`, `<room>`, `{a,b}`, `NNNN`) is checked up to the folder that is fixed; a line number or an anchor after a
// path is left out.
function fixedPart(target: string): string {
  const bare = target.replace(/(#|:\d).*$/, '').replace(/[.,;:]$/, '')
  const open = bare.search(/[*<{]|\.\.\.|NNNN/)
  return open < 0 ? bare : bare.slice(0, bare.lastIndexOf('/', open))
}

const withoutSlash = (path: string): string => path.replace(/\/+$/, '')

/** The comments of a source file, each with its line. */
export const commentsOf = (file: SourceFile): Text[] =>
  file.comments.map(c => ({ path: file.path, line: file.lineAt(c.start), text: c.value }))

/** The comments of SQL, YAML and shell texts: what follows `--` or `#` on a line. */
export function lineCommentsOf(path: string, text: string): Text[] {
  const mark = path.endsWith('.sql') ? '--' : '#'
  return text.split('\n').flatMap((line, i) => {
    const at = line.indexOf(mark)
    return at < 0 ? [] : [{ path, line: i + 1, text: line.slice(at) }]
  })
}
