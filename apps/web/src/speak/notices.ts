/// <reference lib="dom" />
import { byId } from '../page/elements.ts';

/** Shows a problem until it is dismissed or replaced. */
export function showProblem(words: string): void {
  const line = document.createElement('p');
  line.className = 'problem';
  const dismiss = document.createElement('button');
  dismiss.type = 'button';
  dismiss.textContent = 'Dismiss';
  dismiss.addEventListener('click', () => line.remove());
  line.append(words, dismiss);
  byId('problem', HTMLElement).replaceChildren(line);
}

export function clearProblem(): void {
  byId('problem', HTMLElement).replaceChildren();
}

/** Shows something that applies at the moment. @param words empty to hide it */
export function showNotice(words: string): void {
  const notice = byId('notice', HTMLElement);
  notice.hidden = words === '';
  if (notice.textContent !== words) notice.textContent = words;
}
