export type { Wait } from './answer.ts';
export type { Client } from './client.ts';
export { connect, type ConnectOptions } from './connect.ts';
export type { ConnectionEvents, SentMessage } from './connection.ts';
export {
  ConnectionClosedError,
  ConnectionRefusedError,
  DeadlineError,
  ServerError,
  UnreadableFrameError,
} from './errors.ts';
export type { FinalTranscript, PartialTranscript, Session, StartOptions, UpdateOptions } from './session.ts';
export type { ClientSocket, OpenSocket, SocketEvents, SocketRequest } from './socket.ts';
export { webSocketOpener, type WebSocketLike } from './web-socket.ts';
