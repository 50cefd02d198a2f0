import { canonicalLanguageTag } from '@parley/protocol';
import type { StartOptions, UpdateOptions } from '../session.ts';

/** The targets of the finals that were sent under them; corrected where the update that set them is refused. */
export interface AskedTargets {
  languages: ReadonlySet<string>;
}

/** How many updates may be refused one by one: the server answers for an older one long before. */
const maxUpdates = 64;

interface Update {
  readonly id: string;
  readonly options: UpdateOptions;
  readonly before: AskedTargets;
  readonly targets: AskedTargets;
}

/**
 * What was asked of a session, by its start and its updates. The server doesn't answer an update, so whether the last
 * ones arrived before a connection was lost is unknown: all of them are asked for again.
 */
export class AskedOptions {
  #start: StartOptions;
  #startTargets: AskedTargets;
  #updates: Update[] = [];

  constructor(start: StartOptions) {
    this.#start = start;
    this.#startTargets = targetsOf(start.targetLanguages);
  }

  /** The targets of what is sent now. */
  get targets(): AskedTargets {
    return this.#updates.at(-1)?.targets ?? this.#startTargets;
  }

  /** How many updates are kept apart. */
  get size(): number {
    return this.#updates.length;
  }

  /** @param id of the message that asks for it */
  update(id: string, options: UpdateOptions): void {
    const before = this.targets;
    const targets = options.targetLanguages === undefined ? before : targetsOf(options.targetLanguages);
    this.#updates.push({ id, options, before, targets });
    if (this.#updates.length > maxUpdates) this.#foldOldest();
  }

  /** Takes back the update that this message asked for, if it was one. */
  refused(id: string): void {
    const refused = this.#updates.find((update) => update.id === id);
    if (refused === undefined) return;
    if (refused.targets !== refused.before) refused.targets.languages = refused.before.languages;
    this.#updates = this.#updates.filter((update) => update !== refused);
  }

  /** All updates as one, under a new id; `undefined` where there was none. */
  repeated(id: string): UpdateOptions | undefined {
    if (this.#updates.length === 0) return undefined;
    const options = this.#folded();
    this.#updates = [{ id, options, before: this.#startTargets, targets: this.targets }];
    return options;
  }

  /** What a new session is started with that goes on where this one stood. */
  restarted(): StartOptions {
    const { targets } = this;
    this.#start = { ...this.#start, ...this.#folded() };
    this.#startTargets = targets;
    this.#updates = [];
    return this.#start;
  }

  /** No message has the id of what is folded: it can't be taken back any more. */
  #foldOldest(): void {
    const [oldest, next, ...rest] = this.#updates;
    if (oldest === undefined || next === undefined) return;
    const options = { ...oldest.options, ...next.options };
    this.#updates = [{ id: '', options, before: oldest.before, targets: next.targets }, ...rest];
  }

  #folded(): Partial<StartOptions> {
    return Object.assign({}, ...this.#updates.map(({ options }) => options)) as Partial<StartOptions>;
  }
}

function targetsOf(tags: readonly string[]): AskedTargets {
  return { languages: new Set(tags.map((tag) => canonicalLanguageTag(tag) ?? tag)) };
}
