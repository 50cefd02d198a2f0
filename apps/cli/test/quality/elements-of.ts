const token =
  /<(?<close>\/)?(?<name>[a-z]+)(?<attributes>(?: [\w:-]+="[^"<>&]*(?:&#\d+;[^"<>&]*)*")*)>|(?<text>[^<>&]+|&#\d+;)/y;

/**
 * Returns the names of the elements of an SVG document in the order of their start tags.
 *
 * @throws SyntaxError unless it is well-formed and has one root
 */
export function elementsOf(svg: string): string[] {
  const document = svg.replace(/^<\?xml[^>]*\?>\n/, '').trim();
  const open: string[] = [];
  const names: string[] = [];
  token.lastIndex = 0;
  while (token.lastIndex < document.length) {
    const at = token.lastIndex;
    const { close, name, text } = token.exec(document)?.groups ?? {};
    const isOutside = open.length === 0 && at > 0;
    if ((name === undefined && text === undefined) || isOutside) throw new SyntaxError(`not well-formed at ${at}`);
    if (name === undefined) continue;
    if (close === undefined) names.push(open[open.push(name) - 1] ?? '');
    else if (open.pop() !== name) throw new SyntaxError(`</${name}> closes another element at ${at}`);
  }
  if (open.length > 0) throw new SyntaxError(`${open.join(', ')} not closed`);
  return names;
}
