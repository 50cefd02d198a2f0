/// <reference lib="dom" />
import type { JoinCodeChange } from '@parley/client';
import { byId } from '../page/elements.ts';
import { textForDegraded } from '../page/reader-texts.ts';
import { AudiencePanel } from './audience/audience-panel.ts';
import { captionRows } from './captions/caption-rows.ts';
import { CaptionTable } from './captions/caption-table.ts';
import { showNotice } from './notices.ts';
import type { SpeakerTalk } from './talk/speaker-talk.ts';
import { statusOf } from './talk/status-texts.ts';
import { maxRows } from './talk/talk-captions.ts';
import type { TalkState } from './talk/talk-state.ts';
import { renderDownloads, type DownloadOptions } from './transcripts/transcript-downloads.ts';
import { viewOf } from './views.ts';

export interface TalkViewOptions extends DownloadOptions {
  /** The origin of links for the audience. */
  readonly audienceOrigin: string;
  /** The talk to show, if there is one. */
  readonly talk: () => SpeakerTalk | undefined;
  readonly onJoinCodeChange: (change: JoinCodeChange) => void;
}

/** Shows a talk: where it is, its captions, and which controls can be used. */
export class TalkView {
  readonly #options: TalkViewOptions;
  readonly #audience: AudiencePanel;
  readonly #captions = new CaptionTable(byId('captions', HTMLElement), byId('heading', HTMLElement));
  #isDue = false;
  #downloads = '';

  constructor(options: TalkViewOptions) {
    this.#options = options;
    this.#audience = new AudiencePanel({ origin: options.audienceOrigin, onJoinCodeChange: options.onJoinCodeChange });
  }

  /** Draws once for all changes before the browser's next frame. */
  readonly drawSoon = (): void => {
    if (this.#isDue) return;
    this.#isDue = true;
    requestAnimationFrame(() => {
      this.#isDue = false;
      this.draw();
    });
  };

  draw(): void {
    const talk = this.#options.talk();
    const view = viewOf(talk?.state.phase);
    drawStatus(talk?.state);
    document.body.dataset['view'] = view;
    byId('start', HTMLButtonElement).disabled = talk !== undefined;
    const place = byId(view === 'setup' ? 'targets-place' : 'languages-place', HTMLElement);
    const targets = byId('targets', HTMLElement);
    if (targets.parentElement !== place) place.append(targets);
    if (talk === undefined || view === 'setup') return;
    const { state } = talk;
    const languages = [state.sourceLanguage, ...state.targetLanguages];
    this.#drawCaptions(talk, languages);
    this.#audience.render(state, talk.captionDelay.medianMs);
    drawControls(state, talk.isOpen);
    showNotice(noticeOf(state));
    if (view === 'ended') this.#drawDownloads(state, languages);
  }

  #drawCaptions(talk: SpeakerTalk, languages: readonly string[]): void {
    const rows = captionRows(talk.captions.store, languages, maxRows);
    // Its first rows need room below it.
    byId('heading', HTMLElement).hidden = rows.length === 0;
    byId('empty', HTMLElement).hidden = rows.length > 0;
    this.#captions.render(rows, languages);
  }

  #drawDownloads({ sessionId, joinAccess }: TalkState, languages: readonly string[]): void {
    const shown = [sessionId, ...languages].join();
    if (shown === this.#downloads) return;
    this.#downloads = shown;
    renderDownloads(
      byId('downloads', HTMLElement),
      { sessionId, joinCode: joinAccess.joinCode, languages },
      this.#options,
    );
  }
}

const roomTakenText = 'A newer talk has this standing link now, and your audience follows that one.';

function noticeOf({ degraded, isRoomTaken }: TalkState): string {
  return [...(isRoomTaken ? [roomTakenText] : []), textForDegraded(degraded)].join(' ').trim();
}

function drawStatus(state: TalkState | undefined): void {
  const { light, words } = statusOf(state);
  const status = byId('status', HTMLElement);
  status.dataset['light'] = light;
  // A screen reader would read it again.
  if (status.textContent !== words) status.textContent = words;
}

/** @param isOpen whether something can be said */
function drawControls({ phase, isPaused }: TalkState, isOpen: boolean): void {
  const canSpeak = isOpen && (phase === 'live' || phase === 'reconnecting') && !isPaused;
  for (const id of ['said', 'send', 'microphone', 'sample', 'play']) {
    byId(id, HTMLElement).toggleAttribute('disabled', !canSpeak);
  }
  const pause = byId('pause', HTMLButtonElement);
  pause.disabled = phase !== 'live';
  pause.textContent = isPaused ? 'Go on' : 'Pause';
  const end = byId('end', HTMLButtonElement);
  end.disabled = phase === 'ending' || !isOpen;
  end.textContent = phase === 'ending-unreachable' ? 'Leave now' : 'End';
}
