type Listener<Event> = (event: Event) => void;

/**
 * A small typed event emitter: `Events` maps event names to event types. An error that a listener throws is reported as
 * uncaught, as that of a DOM listener is, and neither stops the other listeners nor the emitting code.
 */
export class Emitter<Events extends object> {
  readonly #listeners = new Map<keyof Events, Set<Listener<never>>>();

  /** @returns a function that removes the listener */
  on<Name extends keyof Events>(name: Name, listener: Listener<Events[Name]>): () => void {
    let listeners = this.#listeners.get(name);
    if (listeners === undefined) this.#listeners.set(name, (listeners = new Set()));
    // Wrapped, so that a function that is added twice is called twice.
    const added: Listener<never> = (event) => {
      listener(event);
    };
    listeners.add(added);
    return () => {
      listeners.delete(added);
    };
  }

  emit<Name extends keyof Events>(name: Name, event: Events[Name]): void {
    for (const listener of [...(this.#listeners.get(name) ?? [])]) {
      try {
        (listener as Listener<Events[Name]>)(event);
      } catch (error) {
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }
}
