import { UnreadableFrameError } from '../errors.ts';

/** Longer than any message of the server. */
const maxEventChars = 2 ** 20;
const endOfEvent = '\n\n';

/** Takes the data out of server-sent events (WHATWG HTML, section 9.2), with line breaks as the edge writes them. */
export class EventStreamParser {
  #text = '';
  /** Up to where the text is known to contain no end of an event. */
  #searched = 0;

  /**
   * @param chunk the next part of the stream; events may be split anywhere
   * @returns the data of the events that are complete now; comments and other events without data are left out
   * @throws UnreadableFrameError if an event is longer than a million characters
   */
  push(chunk: string): string[] {
    this.#text += chunk;
    const events: string[] = [];
    let start = 0;
    let end = this.#text.indexOf(endOfEvent, this.#searched);
    while (end >= 0) {
      const data = dataOf(this.#text.slice(start, end));
      if (data !== '') events.push(data);
      start = end + endOfEvent.length;
      end = this.#text.indexOf(endOfEvent, start);
    }
    this.#text = this.#text.slice(start);
    this.#searched = Math.max(0, this.#text.length - 1);
    if (this.#text.length > maxEventChars) throw new UnreadableFrameError('the server sent an event that is too long');
    return events;
  }
}

function dataOf(event: string): string {
  const lines = event.split('\n').filter((line) => line.startsWith('data:'));
  return lines.map((line) => line.slice('data:'.length).trimStart()).join('\n');
}
