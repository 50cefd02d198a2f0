import { canonicalLanguageTag, type ClientMessageInput } from '@parley/protocol';

type SettingsMessage = Extract<ClientMessageInput, { type: 'session.start' | 'session.update' }>;

/** The options that apply to whatever is sent after the message that set them. */
export interface Settings {
  setBy: string | undefined;
  readonly sourceLanguage: string;
  targets: ReadonlySet<string>;
  ordered: boolean;
}

/** Tracks the options of a session through its start and updates; refused updates have no effect. */
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

  /**
   * Reverts what the message with this `id` set, in place, so that finals that reference these settings are
   * updated too.
   */
  refused(id: string): void {
    const at = this.#history.findIndex(({ setBy }) => setBy === id);
    const [before, refused] = [this.#history[at - 1], this.#history[at]];
    if (before === undefined || refused === undefined) return;
    refused.targets = before.targets;
    refused.ordered = before.ordered;
  }

  /** Message IDs start again on another connection. */
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
