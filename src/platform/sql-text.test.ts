import assert from 'node:assert/strict'
import { test } from 'node:test'
import { statementsOf } from './sql-text.ts'

const CASES: readonly [name: string, sql: string, statements: readonly string[]][] = [
  ['nothing', ' \n-- only a comment\n/* and another */ ', []],
  ['two statements', 'select 1;\nselect 2', ['select 1', 'select 2']],
  ['an empty one between', 'select 1;;\n;select 2;', ['select 1', 'select 2']],
  ['a semicolon in a string', "select ';', 'it''s;'; select 2", ["select ';', 'it''s;'", 'select 2']],
  ['a backslash in a plain string', "select '\\'; select 2", ["select '\\'", 'select 2']],
  ['a backslash in an E string', "select E'\\';' ; select 2", ["select E'\\';'", 'select 2']],
  ['a name that ends in e before a string', "select type'a\\'; select 2", ["select type'a\\'", 'select 2']],
  ['a quoted name', 'select 1 as "a;b"; select 2', ['select 1 as "a;b"', 'select 2']],
  ['dollar quotes', 'do $$ begin; end $$; select 2', ['do $$ begin; end $$', 'select 2']],
  ['tagged dollar quotes', 'do $a$ ; $$ ; $b$ ; $a$; select 2', ['do $a$ ; $$ ; $b$ ; $a$', 'select 2']],
  ['a parameter is no dollar quote', 'select $1; select $2', ['select $1', 'select $2']],
  ['line comments', '-- a; b\nselect 1 -- c; d\n;select 2', ['select 1 -- c; d', 'select 2']],
  ['nested block comments', '/* a /* b; */ c; */ select 1 /* ; */; select 2', ['select 1 /* ; */', 'select 2']],
  ['an open string reaches the end', "select 'a; b", ["select 'a; b"]],
]

for (const [name, sql, statements] of CASES) {
  test(`splits ${name}`, () => assert.deepEqual(statementsOf(sql), statements))
}
