/** Names with commas between them; a comma at the end may begin the next one. */
export const wordsOf = (text: string): string[] =>
  text
    .split(/[,，]/)
    .map(word => word.trim())
    .filter(word => word !== '')
