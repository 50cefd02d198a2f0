/// <reference lib="dom" />
import { byId } from '../page/elements.ts';
import { applyTheme, rememberedTheme, rememberTheme, themeOf } from '../page/theme-choice.ts';
import { Announcer } from './announcer.ts';
import { askForCode } from './ask-for-code.ts';
import { chosenLanguages, languageChoices, type ListeningOffer } from './choose-languages.ts';
import { Talk } from './follow-talk.ts';
import { hideControlsWhenIdle, toggleFullScreen } from './full-screen.ts';
import { listenToKeys } from './keys.ts';
import { LanguageChooser } from './language-chooser.ts';
import { readPreferences, rememberPreferences } from './preferences.ts';
import { ScreenWakeLock } from './screen-wake-lock.ts';
import { Stage } from './stage.ts';
import { mayCaptionsCome, textForTalk, type TalkStatus } from './talk-status.ts';
import { nextSizePercent } from './text-size.ts';
import { viewOptions, withLanguages } from './view-options.ts';

const options = viewOptions(location);
const root = document.documentElement;
let preferences = readPreferences();
let linked = options.languages;
let sizePercent = options.sizePercent ?? (options.isOverlay ? 100 : preferences.sizePercent);
let told: { readonly state: TalkStatus; readonly degraded: readonly string[] } = {
  state: { kind: 'connecting' },
  degraded: [],
};

const wakeLock = new ScreenWakeLock();
const stage = new Stage(byId('stage', HTMLElement), new Announcer(byId('announcements', HTMLElement)), showState);
const chooser = new LanguageChooser(
  byId('language', HTMLSelectElement),
  byId('second-language', HTMLSelectElement),
  (languages) => {
    linked = languages;
    remember({ languages });
    history.replaceState(null, '', withLanguages(location.href, languages));
    talk?.start();
  },
);
const talk =
  options.joinCode === undefined
    ? undefined
    : new Talk({
        origin: location.origin,
        joinCode: options.joinCode,
        chooseLanguages,
        onState: (state, degraded) => {
          told = { state, degraded };
          showState();
        },
        onJoined: (joined, requested) => stage.joined(joined, requested),
        onMessage: (message) => stage.add(message),
      });

function chooseLanguages(offer: ListeningOffer): readonly string[] {
  const preferred = navigator.languages;
  const languages = chosenLanguages(offer, { linked, remembered: preferences.languages, preferred });
  chooser.show(languageChoices(offer, preferred), languages);
  return languages;
}

function showState(): void {
  const { state, degraded } = told;
  const { hasCaptions } = stage;
  const line = byId('state', HTMLElement);
  const words = textForTalk(state, { hasCaptions, degraded });
  // A live region is announced again if its text is set again.
  if (line.textContent !== words) line.textContent = words;
  line.hidden = words === '';
  line.classList.toggle('alone', !hasCaptions);
  root.dataset['state'] = state.kind;
  wakeLock.want(mayCaptionsCome(state));
  if (state.kind === 'unknown-code' && !options.isOverlay) askForCode();
}

function remember(changed: Partial<typeof preferences>): void {
  preferences = { ...preferences, ...changed };
  rememberPreferences(preferences);
}

function resize(direction: 1 | -1): void {
  sizePercent = nextSizePercent(sizePercent, direction);
  remember({ sizePercent });
  showSize();
}

function showSize(): void {
  root.style.setProperty('--size', String(sizePercent / 100));
  stage.resized();
}

function addControls(): void {
  const theme = byId('theme', HTMLSelectElement);
  theme.value = rememberedTheme();
  theme.addEventListener('change', () => {
    rememberTheme(themeOf(theme.value));
    applyTheme(themeOf(theme.value));
  });
  byId('smaller', HTMLButtonElement).addEventListener('click', () => resize(-1));
  byId('larger', HTMLButtonElement).addEventListener('click', () => resize(1));
  const fullScreen = byId('full-screen', HTMLButtonElement);
  fullScreen.hidden = !document.fullscreenEnabled;
  fullScreen.addEventListener('click', toggleFullScreen);
  const settings = byId('settings', HTMLDetailsElement);
  document.addEventListener('pointerdown', ({ target }) => {
    if (target instanceof Node && !settings.contains(target)) settings.open = false;
  });
  settings.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') settings.open = false;
  });
  listenToKeys({
    larger: () => resize(1),
    smaller: () => resize(-1),
    fullScreen: toggleFullScreen,
    newest: () => stage.toNewest(),
  });
  hideControlsWhenIdle();
}

applyTheme(options.theme === undefined ? rememberedTheme() : themeOf(options.theme));
root.classList.toggle('overlay', options.isOverlay);
root.style.setProperty('--lines', String(options.overlayLines));
showSize();
if (!options.isOverlay) addControls();
if (talk === undefined) {
  byId('state', HTMLElement).hidden = true;
  askForCode();
} else {
  talk.start();
}
