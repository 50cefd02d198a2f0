import { shownText } from '../log/log-entry.ts';
import { asStatus } from '../redis/reply.ts';
import { parseSessionSettings, type SessionSettings } from '../session/session-record.ts';
import { spokenSchema, type Spoken } from './spoken.ts';
import { ticketIn, type Ticket } from './ticket.ts';

/** What a ticket gives: the newest revision under a lease, or nothing; `due` is a further ticket to add. */
export type Taken =
  | {
      status: 'taken';
      due: Ticket | undefined;
      revision: number;
      text: string;
      digest: string;
      spoken: Spoken;
      settings: SessionSettings;
      tenant: string;
      /** The translation last shown, where it is wanted and there is one. */
      previous: string | undefined;
    }
  | { status: 'none'; due: Ticket | undefined };

/** Reads the answer to a take. */
export function takenIn(words: readonly string[]): Taken {
  const [word, due, revision, text = '', digest = '', spoken = '', settings = '', tenant = '', shown = ''] = words;
  const status = asStatus(word, ['taken', 'none']);
  if (status === 'none') return { status, due: ticketIn(due) };
  return {
    status,
    due: ticketIn(due),
    revision: Number(revision),
    text,
    digest,
    spoken: spokenSchema.parse(JSON.parse(spoken)),
    settings: parseSessionSettings(settings),
    tenant,
    previous: shownText(shown),
  };
}
