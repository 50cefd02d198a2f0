/**
 * Whether lists and objects of a JSON text are nested deeper than a number of levels. Much faster than parsing such a text, which
 * takes ten times as long as one that is flat. Pure.
 */
export function isDeeperThan(levels: number, json: string): boolean {
  let depth = 0;
  let isInString = false;
  for (let index = 0; index < json.length; index++) {
    const character = json[index];
    if (isInString) {
      if (character === '\\') index++;
      else if (character === '"') isInString = false;
    } else if (character === '"') {
      isInString = true;
    } else if (character === '[' || character === '{') {
      depth++;
      if (depth > levels) return true;
    } else if (character === ']' || character === '}') {
      depth--;
    }
  }
  return false;
}
