import { Plus, X } from 'lucide-react'
import type { ReactNode } from 'react'
import { Button } from '../../../kit/button.tsx'
import { CONSTANT_TYPES, type ConstantItem, constantText, newConstant, typedConstant } from '../model/constant-text.ts'
import type { Draft } from '../model/draft.ts'
import { Box, Pick } from '../sentence/pick.tsx'
import { useRuleTexts } from '../texts.ts'

/** Limits, lists and tables that the condition names, so that they can be moved without touching it. */
export function Constants({ draft: { text, set } }: { draft: Draft }): ReactNode {
  const t = useRuleTexts()
  const { constants } = text
  const put = (at: number, next: ConstantItem): void =>
    set({ constants: constants.map((c, i) => (i === at ? next : c)) })
  return (
    <div className="fld wide">
      <span className="h">{t('form.constants')}</span>
      {constants.length > 0 && (
        <ul className="consts">
          {constants.map((constant, i) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the name is what is being typed
            <li key={i}>
              <One constant={constant} onPut={next => put(i, next)} />
              <Button
                kind="ghost"
                small
                name={t('const.remove', { name: constant.name })}
                icon={<X size={13} aria-hidden />}
                onClick={() => set({ constants: constants.filter((_, at) => at !== i) })}
              />
            </li>
          ))}
        </ul>
      )}
      <span>
        <Button
          kind="ghost"
          small
          icon={<Plus size={13} aria-hidden />}
          onClick={() =>
            set({
              constants: [
                ...constants,
                newConstant(
                  'dur',
                  constants.map(c => c.name),
                ),
              ],
            })
          }
        >
          {t('const.add')}
        </Button>
      </span>
      <span className="xs d2">{t('const.hint')}</span>
    </div>
  )
}

function One({ constant, onPut }: { constant: ConstantItem; onPut: (next: ConstantItem) => void }): ReactNode {
  const t = useRuleTexts()
  const { name, type, label } = constant
  const types = type === 'lookup' ? (['lookup'] as const) : CONSTANT_TYPES
  return (
    <>
      <Box
        mono
        label={t('const.name')}
        width={120}
        value={name}
        onText={next => {
          const isName = /^[a-z][A-Za-z0-9]{0,59}$/.test(next)
          if (isName) onPut({ ...constant, name: next })
          return isName
        }}
      />
      <Pick
        label={t('const.type')}
        value={type}
        options={types.map(value => ({ value, label: t(`type.${value}`) }))}
        onPick={next => onPut({ ...newConstant(next, []), name, label })}
      />
      <Box
        label={t('const.value')}
        width={110}
        value={constantText(constant)}
        onText={text => {
          const next = typedConstant(constant, text)
          if (next !== null) onPut(next)
          return next !== null
        }}
      />
      <Box
        label={t('const.labelZh')}
        width={120}
        value={label.zh}
        onText={zh => {
          if (zh.trim() !== '') onPut({ ...constant, label: { ...label, zh } })
          return zh.trim() !== ''
        }}
      />
      <Box
        label={t('const.labelEn')}
        width={120}
        value={label.en}
        onText={en => {
          if (en.trim() !== '') onPut({ ...constant, label: { ...label, en } })
          return en.trim() !== ''
        }}
      />
    </>
  )
}
