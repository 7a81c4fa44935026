import type { Label } from '../../../../../src/contract/facts.ts'
import { useLanguage } from '../../../kit/time.tsx'

/** Labels in the reader's language. */
export function useSaid(): (label: Label) => string {
  const language = useLanguage()
  return label => (language === 'en' ? label.en : label.zh)
}
