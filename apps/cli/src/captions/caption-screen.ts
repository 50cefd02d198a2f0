import { styleText } from 'node:util';
import { createLogUpdate } from 'log-update';
import type { CaptionLine, Captions } from './captions.ts';

/** Draws captions in place on a terminal: completed segments scroll up, open ones are redrawn below them. */
export class CaptionScreen {
  readonly #stream: NodeJS.WriteStream;
  readonly #update: ReturnType<typeof createLogUpdate>;

  constructor(stream: NodeJS.WriteStream) {
    this.#stream = stream;
    this.#update = createLogUpdate(withoutZeroSize(stream));
  }

  draw(captions: Captions): void {
    for (const segment of captions.removeCompleted()) this.#update.persist(this.#paint(segment));
    this.#update(
      captions
        .openSegments()
        .map((segment) => this.#paint(segment))
        .join('\n'),
    );
  }

  close(): void {
    this.#update.done();
  }

  #paint(segment: readonly CaptionLine[]): string {
    const lines = segment.map(({ language, stable, tentative }) => {
      const label = styleText('cyan', language.padEnd(5), { stream: this.#stream });
      return `${label} ${stable}${tentative === '' ? '' : styleText('dim', tentative, { stream: this.#stream })}`;
    });
    return `${lines.join('\n')}\n`;
  }
}

/** A terminal of unknown size (in a container or a recorder) reports 0, which would wrap the text after each letter. */
function withoutZeroSize(stream: NodeJS.WriteStream): NodeJS.WriteStream {
  return new Proxy(stream, {
    get: (target, name) => {
      const value: unknown = Reflect.get(target, name, target);
      if (value === 0 && (name === 'columns' || name === 'rows')) return undefined;
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
