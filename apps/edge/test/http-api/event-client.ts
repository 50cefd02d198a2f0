import type { ServerMessage } from '@parley/protocol';
import { MessageLog } from '../../../../test/harness/message-log.ts';

interface ReceivedEvent {
  readonly type: string;
  readonly id: string | undefined;
}

/** A client of an event stream, and everything that it has received. */
export class EventClient extends MessageLog implements AsyncDisposable {
  readonly response: Response;
  readonly events: ReceivedEvent[] = [];
  /** Resolves when the server has ended the stream, or the client has. */
  readonly ended: Promise<void>;
  readonly #abort: AbortController;

  /** The response may be an error. */
  static async open(url: string, headers: Record<string, string> = {}): Promise<EventClient> {
    const abort = new AbortController();
    return new EventClient(await fetch(url, { headers, signal: abort.signal }), abort);
  }

  private constructor(response: Response, abort: AbortController) {
    super();
    this.response = response;
    this.#abort = abort;
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
    this.ended = isStream ? this.#read().catch(() => undefined) : Promise.resolve();
  }

  /** What a browser sends as `Last-Event-ID` when it reconnects. */
  get lastEventId(): string | undefined {
    return this.events.findLast(({ id }) => id !== undefined)?.id;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#abort.abort();
    await this.ended;
  }

  async #read(): Promise<void> {
    let text = '';
    const decoder = new TextDecoder();
    for await (const chunk of this.response.body as AsyncIterable<Uint8Array>) {
      const blocks = (text + decoder.decode(chunk, { stream: true })).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) this.#parse(block);
    }
  }

  #parse(block: string): void {
    const fields = new Map(block.split('\n').map((line) => line.split(/: (.*)/s) as [string, string]));
    const [type, data] = [fields.get('event'), fields.get('data')];
    if (type === undefined || data === undefined) return;
    this.events.push({ type, id: fields.get('id') });
    this.add(JSON.parse(data) as ServerMessage);
  }
}
