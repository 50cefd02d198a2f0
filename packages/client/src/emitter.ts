type Listener<Event> = (event: Event) => void;

/** A small typed emitter: `Events` maps each name to what its listeners get. */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** @returns what takes the listener off again */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    let listeners = this.#listeners.get(name);
    if (listeners === undefined) this.#listeners.set(name, (listeners = new Set()));
    // A wrapper of its own, so that a function which is added twice is also called twice.
    const added: Listener<never> = (event) => {
      listener(event);
    };
    listeners.add(added);
    return () => {
      listeners.delete(added);
    };
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) (listener as Listener<Events[Name]>)(event);
  }
}
