import { clientMessageSchema, serverMessageSchema, streamPath, subprotocol } from '@parley/protocol';
import { z } from 'zod';

/** A description of the messages over WebSockets and event streams, in the format of AsyncAPI 3. */
export function asyncApiDocument(): object {
  const received = messagesOf('client', clientMessageSchema.options, 'input');
  const sent = messagesOf('server', serverMessageSchema.options, 'output');
  const reference = (pointer: string) => ({ $ref: `#/${pointer}` });
  const inChannel = (channel: string, messages: object) =>
    Object.keys(messages).map((name) => reference(`channels/${channel}/messages/${name}`));
  const inComponents = (messages: object) =>
    Object.fromEntries(Object.keys(messages).map((name) => [name, reference(`components/messages/${name}`)]));
  return {
    asyncapi: '3.0.0',
    info: {
      title: 'Parley: messages',
      version: '1.0.0',
      description: `Every message is one JSON object. A WebSocket requests the subprotocol ${subprotocol}.`,
    },
    channels: {
      stream: {
        address: streamPath,
        description: 'A WebSocket. One text frame is one message.',
        messages: inComponents({ ...received, ...sent }),
      },
      events: {
        address: '/v1/listen/{joinCode}/events',
        description: 'Server-sent events for a listener. The name of an event is the type of its message.',
        parameters: { joinCode: { description: 'The join code of a session' } },
        messages: inComponents(sent),
      },
    },
    operations: {
      receive: { action: 'receive', channel: reference('channels/stream'), messages: inChannel('stream', received) },
      send: { action: 'send', channel: reference('channels/stream'), messages: inChannel('stream', sent) },
      sendEvents: { action: 'send', channel: reference('channels/events'), messages: inChannel('events', sent) },
    },
    components: { messages: { ...received, ...sent } },
  };
}

type MessageSchema = z.ZodObject<{ type: z.ZodLiteral<string> }>;

function messagesOf(side: 'client' | 'server', schemas: readonly MessageSchema[], io: 'input' | 'output'): object {
  return Object.fromEntries(
    schemas.map((schema) => {
      const type = schema.shape.type.value;
      // AsyncAPI's own schema format is a superset of draft 7.
      const payload = z.toJSONSchema(schema, { target: 'draft-7', io });
      return [`${side}.${type}`, { name: type, contentType: 'application/json', payload }];
    }),
  );
}
