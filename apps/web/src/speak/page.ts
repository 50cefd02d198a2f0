/// <reference lib="dom" />
import { ConnectionRefusedError, ServerError, type SavedSession } from '@parley/client';
import { byId } from '../page/elements.ts';
import { languageName } from '../page/language-names.ts';
import { textForFailure } from '../page/reader-texts.ts';
import { isTemporary } from '../page/temporary-failure.ts';
import { audienceOrigin } from './audience/audience-origin.ts';
import { SamplePlayer } from './inputs/sample-player.ts';
import { Typing } from './inputs/typing.ts';
import { refusedTargets } from './languages/refused-targets.ts';
import { Microphone } from './microphone.ts';
import { clearProblem, showProblem } from './notices.ts';
import type { Choices } from './remembered-choices.ts';
import { SetupForm, tokenRefusedText } from './setup-form.ts';
import { TalkView } from './talk-view.ts';
import { textForEnd } from './talk/end-text.ts';
import { SaveThrottle } from './talk/save-throttle.ts';
import { forgetTalk, storedTalk, storeTalk, type SavedTalk } from './talk/saved-talk.ts';
import type { OpenSegment } from './talk/segments.ts';
import { SpeakerTalk, unsentTexts, type TalkConnection, type TalkEnd, type TalkListener } from './talk/speaker-talk.ts';
import { claimSession } from './talk/tab-claim.ts';
import { newTalkState } from './talk/talk-state.ts';

/** How long a talk that was given up stays so, in milliseconds. */
const retryMs = 5000;
const leaveText =
  'The server cannot be reached, so your last sentences are not confirmed. Leave anyway? They will be in the field of the next talk.';
const roomRefusedText =
  'Your access does not include a standing link of this name. Leave the name empty, or ask for a token made for it.';

let talk: SpeakerTalk | undefined;
/** Gives the session up for other tabs. */
let releaseClaim: (() => void) | undefined;
let nextTry: ReturnType<typeof setTimeout> | undefined;

const said = byId('said', HTMLInputElement);
// Before the form takes the token, and hides the link's fragment.
const origin = audienceOrigin();
const setup = new SetupForm({
  onStart: (choices) => void startTalk(choices),
  onTargets: (languages) => changeTargets(languages),
  isTalking: () => talk !== undefined && talk.state.phase !== 'lost',
  onToken: () => {
    void setup.load(talk?.state.targetLanguages);
    if (talk?.state.phase === 'lost') tryAgain();
  },
});
const view = new TalkView({
  audienceOrigin: origin,
  talk: () => talk,
  onJoinCodeChange: (change) => void talk?.changeJoinCode(change),
  token: () => setup.token,
  onProblem: showProblem,
});
const openSegment = (language?: string): OpenSegment => {
  if (talk === undefined) throw new Error('there is no talk');
  return talk.segments.open(language);
};
const typing = new Typing(said, () => openSegment());
const microphone = new Microphone({
  openSegment: () => openSegment(),
  language: () => talk?.state.sourceLanguage ?? '',
  onProblem: showProblem,
});
const samplePlayer = new SamplePlayer({
  select: byId('sample', HTMLSelectElement),
  button: byId('play', HTMLButtonElement),
  openSegment,
  onProblem: showProblem,
});
/** The talk as it is kept for a reload. */
const kept = new SaveThrottle({ save: () => save(said.value) });
const talkListener: TalkListener = {
  onChange: view.drawSoon,
  onSave: () => kept.changed(),
  onFailure: showFailure,
  onRefused: (languages) => {
    if (talk !== undefined) setup.chooseTargets(talk.state.targetLanguages);
    showProblem(`There is no translation into ${languages.map((tag) => languageName(tag, 'en')).join(', ')}.`);
  },
  onGivenUp: (error) => {
    stopInputs();
    typing.reset();
    tryAgainSoon(error);
  },
  onEnded: (end) => {
    stopInputs();
    typing.reset();
    keepUnsent(end);
  },
  onReplaced: () =>
    showProblem('The server had lost this talk and has begun it anew. Your audience needs the link that is shown now.'),
};

function connection(): TalkConnection {
  return { url: location.origin.replace(/^http/, 'ws'), token: setup.token };
}

function save(draft: string): void {
  const saved = talk?.saved(draft);
  if (saved !== undefined) storeTalk(saved);
}

/** Keeps what did not arrive in a talk that is over in the field, for the next talk. */
function keepUnsent({ unsent, isConfirmed }: TalkEnd): void {
  const kept = [...unsent, said.value].filter((text) => text !== '');
  said.value = kept.join(' ');
  const words = textForEnd({ unsent: kept, isConfirmed });
  if (words !== '') showProblem(words);
}

function showFailure(error: unknown): void {
  const isTokenRefused = error instanceof ConnectionRefusedError && error.status === 401;
  showProblem(isTokenRefused ? tokenRefusedText : textForFailure(error));
  if (isTokenRefused) setup.askForToken();
}

function changeTargets(languages: readonly string[]): void {
  if (talk === undefined) return;
  if (languages.length > 0) {
    talk.setTargets(languages);
    return;
  }
  showProblem('A talk needs at least one language.');
  setup.chooseTargets(talk.state.targetLanguages);
}

async function startTalk(choices: Choices): Promise<void> {
  talk = new SpeakerTalk(newTalkState(choices), talkListener);
  view.drawSoon();
  try {
    await talk.start(connection());
  } catch (error) {
    talk = undefined;
    const { targetLanguages, room } = choices;
    const refused = refusedTargets(error, targetLanguages);
    if (refused.length > 0) setup.chooseTargets(targetLanguages.filter((tag) => !refused.includes(tag)));
    if (room !== '' && error instanceof ServerError && error.code === 'not-permitted') showProblem(roomRefusedText);
    else showFailure(error);
    view.drawSoon();
    return;
  }
  kept.flush();
  setup.follow(talk.state);
  view.draw();
  said.focus();
  releaseClaim = await claimSession(talk.state.sessionId);
}

/** Goes on with a talk of this tab, after a reload or a lost connection. */
async function resumeTalk(saved: SavedTalk, session: SavedSession): Promise<void> {
  clearProblem();
  const resumed = (talk = new SpeakerTalk(saved.state, talkListener, saved));
  setup.follow(saved.state);
  said.value = saved.draft;
  view.drawSoon();
  try {
    if (await resumed.resume(connection(), session)) {
      kept.flush();
      if (resumed.state.phase !== 'ended') typing.restore(said.value);
      return;
    }
  } catch (error) {
    showFailure(error);
    tryAgainSoon(error);
    return;
  }
  keepUnsent({ unsent: unsentTexts(session.finals), isConfirmed: true });
  kept.cancel();
  storeTalk({ ...saved, session: undefined, state: resumed.state, draft: said.value });
}

/** Nobody may be at the page when the server can be reached again. */
function tryAgainSoon(error: unknown): void {
  clearTimeout(nextTry);
  if (isTemporary(error)) nextTry = setTimeout(tryAgain, retryMs);
}

function tryAgain(): void {
  clearTimeout(nextTry);
  kept.flush();
  const saved = storedTalk();
  if (saved?.session === undefined) leaveTalk();
  else void resumeTalk(saved, saved.session);
}

function leaveTalk(): void {
  releaseClaim?.();
  releaseClaim = undefined;
  clearTimeout(nextTry);
  void talk?.close();
  talk = undefined;
  kept.cancel();
  forgetTalk();
  clearProblem();
  setup.follow(undefined);
  void setup.load();
  view.drawSoon();
}

/** Nothing of what was said stays open while the page is away or the talk is paused. */
function stopInputs(): void {
  microphone.flush();
  samplePlayer.stop();
}

byId('composer', HTMLFormElement).addEventListener('submit', (event) => {
  event.preventDefault();
  typing.finish();
});
byId('pause', HTMLButtonElement).addEventListener('click', () => {
  if (talk === undefined) return;
  const isPausing = !talk.state.isPaused;
  if (isPausing) {
    typing.withdraw();
    stopInputs();
  }
  talk.setPaused(isPausing);
});
byId('end', HTMLButtonElement).addEventListener('click', () => {
  if (talk === undefined) return;
  if (talk.state.phase === 'ending-unreachable') {
    if (confirm(leaveText)) void talk.close();
    return;
  }
  if (!confirm('End the talk for everyone?')) return;
  stopInputs();
  typing.finish();
  void talk.end();
});
byId('new-talk', HTMLButtonElement).addEventListener('click', leaveTalk);
byId('again', HTMLButtonElement).addEventListener('click', tryAgain);
window.addEventListener('pagehide', () => {
  if (talk === undefined) return;
  const draft = said.value;
  stopInputs();
  typing.withdraw();
  kept.cancel();
  save(draft);
});
document.addEventListener('visibilitychange', () => {
  // The browser may discard a hidden page without a further event.
  if (document.visibilityState === 'hidden') kept.flush();
});

/** Goes on with the talk of this tab, if there is one and no other tab has it. */
async function open(): Promise<void> {
  const saved = storedTalk();
  if (saved === undefined) return;
  if (saved.session === undefined) {
    talk = new SpeakerTalk(saved.state, talkListener, saved);
    said.value = saved.draft;
    return;
  }
  releaseClaim = await claimSession(saved.state.sessionId);
  if (releaseClaim === undefined) {
    forgetTalk();
    showProblem('This talk goes on in another tab. You can start another one here.');
    return;
  }
  void resumeTalk(saved, saved.session);
}

if (matchMedia('(max-width: 60rem)').matches) byId('qr-details', HTMLDetailsElement).open = false;
await open();
view.draw();
void setup.load(talk?.state.targetLanguages);
