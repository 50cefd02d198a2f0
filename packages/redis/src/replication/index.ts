export { ReplicaAcknowledgements, type ReplicaAcknowledgementsOptions } from './replica-acknowledgements.ts';
export { ReplicasMissingError } from './master-wait.ts';
