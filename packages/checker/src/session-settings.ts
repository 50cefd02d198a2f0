import { canonicalLanguageTag, type ClientMessageInput } from '@parley/protocol';

type SettingsMessage = Extract<ClientMessageInput, { type: 'session.start' | 'session.update' }>;

/** The options that count for what is sent after the message that set them. */
export interface Settings {
  setBy: string | undefined;
  readonly sourceLanguage: string;
  targets: ReadonlySet<string>;
  ordered: boolean;
}

/** Follows the options of a session through its start and its updates; an update that is refused never counted. */
export class SessionSettings {
  readonly #history: Settings[] = [{ setBy: undefined, sourceLanguage: '', targets: new Set(), ordered: false }];

  get current(): Settings {
    return this.#history.at(-1) as Settings;
  }

  sent(message: SettingsMessage): void {
    const before = this.current;
    this.#history.push({
      setBy: message.id,
      sourceLanguage: message.type === 'session.start' ? canonical(message.sourceLanguage) : before.sourceLanguage,
      targets: message.targetLanguages === undefined ? before.targets : new Set(message.targetLanguages.map(canonical)),
      ordered: message.ordered ?? before.ordered,
    });
  }

  /** Takes back what the message with this id set; whoever holds those settings sees it too. */
  refused(id: string): void {
    const at = this.#history.findIndex(({ setBy }) => setBy === id);
    const [before, refused] = [this.#history[at - 1], this.#history[at]];
    if (before === undefined || refused === undefined) return;
    refused.targets = before.targets;
    refused.ordered = before.ordered;
  }

  /** On another connection ids count anew. */
  forgetIds(): void {
    for (const settings of this.#history) settings.setBy = undefined;
  }

  everAskedFor(target: string): boolean {
    return this.#history.some(({ targets }) => targets.has(target));
  }
}

export function canonical(tag: string): string {
  return canonicalLanguageTag(tag) ?? tag;
}
