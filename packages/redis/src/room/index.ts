export { RoomStore, type RoomCode, type TakenRoom } from './room-store.ts';
