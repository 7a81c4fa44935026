import { Eye, EyeOff } from 'lucide-react'
import { type HTMLInputAutoCompleteAttribute, type ReactNode, type RefObject, useId, useState } from 'react'
import { useAccessTexts } from './texts.ts'

export interface FieldProps {
  readonly label: string
  readonly value: string
  readonly onText: (text: string) => void
  readonly type?: 'text' | 'email' | 'password' | 'number' | 'date'
  readonly autoComplete?: HTMLInputAutoCompleteAttribute
  readonly hint?: ReactNode
  readonly error?: string | null
  readonly required?: boolean
  readonly autoFocus?: boolean
  readonly readOnly?: boolean
  readonly inputMode?: 'numeric' | 'text'
  readonly maxLength?: number
  readonly input?: RefObject<HTMLInputElement | null>
}

/** One labelled field; what is wrong with it stands below it. Password managers know it by its type and name. */
export function Field(props: FieldProps): ReactNode {
  const { label, value, onText, type = 'text', autoComplete = 'off', hint, error, input } = props
  const [seen, setSeen] = useState(false)
  const id = useId()
  const isPassword = type === 'password'
  const told = error ?? hint
  return (
    <div className="fld">
      <label htmlFor={id}>{label}</label>
      <div className="in">
        <input
          ref={input}
          id={id}
          name={isPassword ? 'password' : type === 'email' ? 'username' : undefined}
          type={isPassword && seen ? 'text' : type}
          autoComplete={autoComplete}
          inputMode={props.inputMode}
          required={props.required}
          readOnly={props.readOnly}
          maxLength={props.maxLength ?? 1000}
          // biome-ignore lint/a11y/noAutofocus: the page is this form and nothing else
          autoFocus={props.autoFocus}
          aria-invalid={error ? true : undefined}
          aria-describedby={told ? `${id}-told` : undefined}
          value={value}
          onChange={event => onText(event.target.value)}
        />
        {isPassword && <ShowPassword seen={seen} onToggle={() => setSeen(!seen)} />}
      </div>
      {told && (
        <p id={`${id}-told`} className={error ? 'red sm' : 'd2 sm'}>
          {told}
        </p>
      )}
    </div>
  )
}

function ShowPassword({ seen, onToggle }: { seen: boolean; onToggle: () => void }): ReactNode {
  const t = useAccessTexts()
  const Icon = seen ? EyeOff : Eye
  return (
    <button type="button" aria-label={seen ? t('password.hide') : t('password.show')} onClick={onToggle}>
      <Icon size={15} strokeWidth={1.75} aria-hidden />
    </button>
  )
}
