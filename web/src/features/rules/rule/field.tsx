import { type ReactNode, useId } from 'react'

export interface FieldProps {
  readonly label: string
  readonly hint?: string
  /** Both columns of the form. */
  readonly wide?: boolean
  readonly children: (id: string, described: string | undefined) => ReactNode
}

/** One labelled box of a form. */
export function Field({ label, hint, wide, children }: FieldProps): ReactNode {
  const id = useId()
  const described = hint === undefined ? undefined : `${id}-hint`
  return (
    <div className={`fld ${wide ? 'wide' : ''}`}>
      <label htmlFor={id}>{label}</label>
      {children(id, described)}
      {hint !== undefined && (
        <span id={described} className="xs d2">
          {hint}
        </span>
      )}
    </div>
  )
}

export interface LineProps {
  readonly label: string
  readonly value: string
  readonly onText: (text: string) => void
  readonly hint?: string
  readonly wide?: boolean
  readonly rows?: number
  readonly placeholder?: string
  readonly list?: string
}

/** A line, or a few, of text. */
export const Line = ({ label, value, onText, hint, wide, rows, placeholder, list }: LineProps): ReactNode => (
  <Field label={label} {...(hint !== undefined && { hint })} {...(wide !== undefined && { wide })}>
    {(id, described) =>
      rows === undefined ? (
        <input
          id={id}
          aria-describedby={described}
          value={value}
          placeholder={placeholder}
          list={list}
          maxLength={500}
          onChange={event => onText(event.target.value)}
        />
      ) : (
        <textarea
          id={id}
          aria-describedby={described}
          value={value}
          rows={rows}
          placeholder={placeholder}
          maxLength={500}
          onChange={event => onText(event.target.value)}
        />
      )
    }
  </Field>
)
