/// <reference lib="dom" />
import { byId } from '../page/elements.ts';
import { typedCode } from './view-options.ts';

/** Asks for the code of a talk, and goes to its page. */
export function askForCode(): void {
  const form = byId('ask', HTMLFormElement);
  const field = byId('code', HTMLInputElement);
  form.hidden = false;
  field.focus();
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const code = typedCode(field.value);
    if (code !== undefined) location.assign(`/listen/${code}${location.search}`);
  });
}
