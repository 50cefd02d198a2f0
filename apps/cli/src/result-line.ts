/** Renders a text as one line, `LANGUAGE<tab>TEXT`; everything that may count as a line end becomes a space. */
export function resultLine(language: string, text: string): string {
  return `${language}\t${text.replace(/\s*[\n\v\f\r\u0085\u2028\u2029]\s*/g, ' ')}`;
}
