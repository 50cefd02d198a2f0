import { canonicalLanguageTag } from '@parley/protocol';
import type { StartOptions, UpdateOptions } from '../session.ts';

/**
 * The target languages of the finals sent under one set of options; reset if the update that changed them is
 * refused.
 */
export interface RequestedTargets {
  languages: ReadonlySet<string>;
}

/** How many updates can still be reverted one by one; the server replies to older ones long before. */
const maxUpdates = 64;

interface Update {
  readonly id: string;
  readonly options: UpdateOptions;
  readonly before: RequestedTargets;
  readonly targets: RequestedTargets;
}

/**
 * The options requested for a session by its start and its updates. The server doesn't acknowledge updates, so after
 * a lost connection all of them are sent again.
 */
export class RequestedOptions {
  #start: StartOptions;
  #startTargets: RequestedTargets;
  #updates: Update[] = [];

  constructor(start: StartOptions) {
    this.#start = start;
    this.#startTargets = targetsOf(start.targetLanguages);
  }

  /** The options of the start, and what the updates have changed; the constructor and `addUpdate` restore them. */
  get saved(): { readonly start: StartOptions; readonly update?: UpdateOptions } {
    return { start: this.#start, ...(this.#updates.length === 0 ? {} : { update: this.#mergedOptions() }) };
  }

  /** The target languages of whatever is sent next. */
  get targets(): RequestedTargets {
    return this.#updates.at(-1)?.targets ?? this.#startTargets;
  }

  /** The number of updates kept individually. */
  get size(): number {
    return this.#updates.length;
  }

  /** @param id the `id` of the `session.update` message */
  addUpdate(id: string, options: UpdateOptions): void {
    const before = this.targets;
    const targets = options.targetLanguages === undefined ? before : targetsOf(options.targetLanguages);
    this.#updates.push({ id, options, before, targets });
    if (this.#updates.length > maxUpdates) this.#mergeOldest();
  }

  /** Reverts the update with this `id`, if there is one. */
  revert(id: string): void {
    const refused = this.#updates.find((update) => update.id === id);
    if (refused === undefined) return;
    if (refused.targets !== refused.before) refused.targets.languages = refused.before.languages;
    this.#updates = this.#updates.filter((update) => update !== refused);
  }

  /** Merges all updates into one with a new `id`; `undefined` if there are none. */
  mergeUpdates(id: string): UpdateOptions | undefined {
    if (this.#updates.length === 0) return undefined;
    const options = this.#mergedOptions();
    this.#updates = [{ id, options, before: this.#startTargets, targets: this.targets }];
    return options;
  }

  /** Merges all updates into the start options, for a new session that continues this one. */
  mergeIntoStart(): StartOptions {
    const { targets } = this;
    this.#start = { ...this.#start, ...this.#mergedOptions() };
    this.#startTargets = targets;
    this.#updates = [];
    return this.#start;
  }

  /** The merged update has no message `id`, so it can no longer be reverted. */
  #mergeOldest(): void {
    const [oldest, next, ...rest] = this.#updates;
    if (oldest === undefined || next === undefined) return;
    const options = { ...oldest.options, ...next.options };
    this.#updates = [{ id: '', options, before: oldest.before, targets: next.targets }, ...rest];
  }

  #mergedOptions(): Partial<StartOptions> {
    return Object.assign({}, ...this.#updates.map(({ options }) => options)) as Partial<StartOptions>;
  }
}

function targetsOf(tags: readonly string[]): RequestedTargets {
  return { languages: new Set(tags.map((tag) => canonicalLanguageTag(tag) ?? tag)) };
}
