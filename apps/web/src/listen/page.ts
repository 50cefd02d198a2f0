/// <reference lib="dom" />
import { CaptionStore, joinLive } from '@parley/client';
import { byId } from '../page/elements.ts';

const joinCode = location.pathname.split('/').at(-1) ?? '';
const language = new URLSearchParams(location.search).get('lang') ?? 'en';
const captions = new CaptionStore({ maxLines: 100 });
captions.subscribe(() => {
  const { settled, open } = captions.of(language);
  const lines = [...settled, ...open].map(({ concluded, tentative }) => {
    const line = document.createElement('p');
    line.textContent = concluded + tentative;
    return line;
  });
  byId('captions', HTMLElement).replaceChildren(...lines);
});
await joinLive({
  urls: [location.origin.replace(/^http/, 'ws')],
  joinCode,
  targetLanguages: [language],
  onMessage: captions.add,
});
