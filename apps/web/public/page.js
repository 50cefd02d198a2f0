// @ts-check
/// <reference lib="dom" />
// Connects the controls to a session and the session to the captions.

import { createCaptionView } from './caption-view.js';
import { applyMessage, noCaptions, rowsOf, endSession, addTranscript } from './captions.js';
import { openSession } from './connection.js';
import { button, byId, field } from './elements.js';
import { languageLabel, languageTag, suggestedLanguages } from './languages.js';
import { clearProblem, showNotice, showProblem } from './notices.js';
import { createSamplePlayer } from './sample-player.js';
import { createSegments } from './segments.js';
import { createTargetPicker } from './target-picker.js';
import { createTyping } from './typing.js';
import { wordsForDegraded, wordsForError } from './words.js';

let captions = noCaptions;
let sourceLanguage = 'en';
/** @type {ReturnType<typeof openSession> | undefined} */
let session;
/** The targets that the session was last set to. @type {readonly string[]} */
let sentTargets = [];
/** Why the session's service is reduced. @type {Set<string>} */
const degraded = new Set();

const draw = createCaptionView(byId('captions'), byId('heading'));
const picker = createTargetPicker({
  initial: ['es'],
  mayBeEmpty: () => session === undefined,
  onChange() {
    sendTargets();
    render();
  },
});
const segments = createSegments(({ language, ...transcript }) => {
  const { segmentId, revision, text, isFinal } = transcript;
  const languageField = language === undefined || language === sourceLanguage ? {} : { language };
  if (isFinal) session?.send({ type: 'transcript.final', segmentId, text, ...languageField });
  else session?.send({ type: 'transcript.partial', segmentId, revision, text, ...languageField });
  captions = addTranscript(captions, transcript, picker.chosen());
  render();
});
const typing = createTyping(field('said'), () => segments.open());
const player = createSamplePlayer((language) => segments.open(language));

function render() {
  const targets = picker.chosen();
  byId('hint').hidden = captions.segments.length > 0;
  draw(rowsOf(captions, sourceLanguage, targets), [sourceLanguage, ...targets]);
}

/** Does nothing until the session is open; then it is called again. */
function sendTargets() {
  if (session === undefined || !session.isOpen() || sentTargets === picker.chosen()) return;
  sentTargets = picker.chosen();
  session.send({ type: 'session.update', targetLanguages: sentTargets });
}

function start() {
  picker.addTyped();
  const source = languageTag(field('source').value);
  const targetLanguages = picker.chosen();
  if (source === undefined) return showProblem('The spoken language must be a tag such as "en" or "pt-BR".');
  if (targetLanguages.length === 0) return showProblem('Choose at least one language to translate into.');
  clearProblem();
  sourceLanguage = source;
  sentTargets = targetLanguages;
  try {
    session = openSession({
      url: `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/v1/stream`,
      key: field('key').value.trim(),
      start: { type: 'session.start', sourceLanguage, targetLanguages },
      onMessage: handleMessage,
      onState: handleState,
    });
  } catch (error) {
    showProblem(error instanceof Error ? error.message : String(error));
  }
  render();
}

function stop() {
  player.stop();
  typing.finish();
  session?.end();
}

/** @param {import('./connection.js').State} state */
function handleState(state) {
  const closed = state.name === 'closed';
  for (const id of ['said', 'send', 'talk', 'play']) button(id).disabled = state.name !== 'open';
  field('source').disabled = field('key').disabled = !closed;
  button('start').textContent = closed ? 'Start' : 'Stop';
  button('start').disabled = state.name === 'ending';
  const label = { connecting: 'Connecting …', open: 'Connected', ending: 'Finishing …', closed: 'Not connected' };
  byId('state').textContent = label[state.name];
  byId('state').dataset['state'] = closed && !state.isRequested ? 'lost' : state.name;
  if (state.name === 'open') {
    sendTargets();
    field('said').focus();
  }
  if (!closed) return;
  session = undefined;
  player.stop();
  typing.reset();
  captions = endSession(captions);
  degraded.clear();
  showNotice('');
  render();
  if (!state.isRequested) showProblem(state.reason);
}

/** @param {readonly string[]} languages that the engine can't translate into */
function showUnsupported(languages) {
  if (languages.length === 0) return;
  showProblem(`The engine does not translate into ${languages.map((tag) => languageLabel(tag)).join(', ')}.`);
}

/** @param {import('./connection.js').Message} message */
function handleMessage(message) {
  captions = applyMessage(captions, message);
  render();
  switch (message.type) {
    case 'translation.final':
      byId('announcement').lang = String(message['targetLanguage']);
      byId('announcement').textContent = String(message['text']);
      break;
    case 'session.started':
      showUnsupported(/** @type {readonly string[]} */ (message['unsupportedLanguages'] ?? []));
      break;
    case 'translation.failed':
      logForDevelopers(message);
      break;
    case 'error':
      logForDevelopers(message);
      showProblem(wordsForError(message));
      break;
    case 'session.degraded':
      degraded.add(String(message['reason']));
      showNotice(wordsForDegraded(degraded));
      break;
    case 'session.recovered':
      degraded.delete(String(message['reason']));
      showNotice(wordsForDegraded(degraded));
      break;
  }
}

/** @param {import('./connection.js').Message} message */
function logForDevelopers({ type, code, message }) {
  console.info(`parley: ${type} ${String(code)}: ${String(message)}`);
}

byId('languages').append(...suggestedLanguages.map((tag) => new Option(languageLabel(tag), tag)));
byId('settings').addEventListener('submit', (event) => {
  event.preventDefault();
  if (session === undefined) start();
  else stop();
});
byId('composer').addEventListener('submit', (event) => {
  event.preventDefault();
  typing.finish();
});
render();
