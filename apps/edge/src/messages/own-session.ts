import type { SessionSettings } from '@parley/state';
import type { MessageContext } from '../core/message-context.ts';
import type { OwnedSession } from '../core/owned-session.ts';
import { hostAudience } from '../delivery/audience.ts';
import { Subscriber } from '../delivery/subscriber.ts';
import { HeldBack } from '../sessions/held-back.ts';
import type { ServedSession } from '../sessions/served-session.ts';

/** Makes this connection the owner of a session on this edge, as Redis has made it. */
export function ownedSession(
  of: {
    readonly served: ServedSession;
    readonly connection: string;
    readonly ownedSince: string;
    readonly settings: SessionSettings;
    readonly ending?: boolean;
  },
  context: MessageContext,
): OwnedSession {
  const { served, connection, ownedSince, settings, ending = false } = of;
  const { takenOver, forgotten, lost } = context;
  const { tenant } = context.client;
  const owner = {
    connection,
    tenant,
    ownedSince,
    mark: () => `${connection} ${owner.ownedSince}`,
    takenOver,
    forgotten,
    lost,
  };
  const session: OwnedSession = {
    served,
    owner,
    subscriber: new Subscriber({
      audience: hostAudience(() => session.settings),
      send: context.deliver,
      tell: context.reply,
      onEnded: context.ended,
    }),
    heldBack: new HeldBack(context.deps.worth, () => performance.now()),
    unconfirmedTokenHash: undefined,
    settings,
    ending,
  };
  served.ownedBy(owner);
  return session;
}
