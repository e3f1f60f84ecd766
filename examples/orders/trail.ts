/** Remembers how the last requests went through the stages of the policy that they met. */
import { describePolicy, type PolicyEvent, STAGE_ORDER } from 'sallyport/secure';

/** A place on the way of a request: a stage, what comes before the first, or the handler. */
export interface Station {
  readonly name: PolicyEvent['stage'];
  /** Why it stands where it stands. */
  readonly reason: string;
}

/** A way that a request has gone. */
export interface Way {
  readonly outcome: PolicyEvent['outcome'];
  readonly code: string | null;
  readonly durationMs: number;
  /** Every station of the policy, and what became of the request there: it `ended` where the answer was made. */
  readonly stations: readonly (Station & { readonly state: 'passed' | 'ended' | 'unreached' })[];
}

/** What remembers. */
export interface Trail {
  /** For `onEvent`. */
  readonly keep: (event: PolicyEvent) => void;
  /** The way of a request through the stations of its policy, if it is among the last. */
  readonly find: (requestId: string, stations: ReadonlyMap<string | undefined, readonly Station[]>) => Way | undefined;
}

/** Requests come without end; memory does not. */
const MAX_EVENTS = 200;
const REASONS = new Map(STAGE_ORDER.map(({ stage, reason }) => [stage, reason]));
const START: Station = {
  name: 'request',
  reason: 'one URL, one path, one client: what every stage and the handler see',
};
const HANDLER: Station = { name: 'handler', reason: 'runs when every check has passed' };

/** The stations of a policy, in their order: only the filter of the response comes after the handler. */
export function stationsOf(policy: Parameters<typeof describePolicy>[0]): readonly Station[] {
  const stages = describePolicy(policy).stages.map(({ stage }) => ({ name: stage, reason: REASONS.get(stage) ?? '' }));
  const isBefore = ({ name }: Station): boolean => name !== 'response';
  return [START, ...stages.filter(isBefore), HANDLER, ...stages.filter((station) => !isBefore(station))];
}

/** Creates a trail. */
export function createTrail(): Trail {
  const events = new Map<string, PolicyEvent>();
  return {
    keep(event) {
      // What has no status is no answer: a stage that only reports, a store that is gone.
      if (event.requestId === undefined || event.status === undefined) return;
      events.set(event.requestId, event);
      const [oldest] = events.keys();
      if (events.size > MAX_EVENTS && oldest !== undefined) events.delete(oldest);
    },
    find(requestId, ways) {
      const event = events.get(requestId);
      if (event === undefined) return undefined;
      const { policyId, outcome, code = null, stage, durationMs } = event;
      const stations = ways.get(policyId) ?? [];
      const last = stations.findIndex(({ name }) => name === stage);
      // What is allowed at the handler, or by the filter after it, has gone all the way; an answer from an earlier stage has not.
      const isThrough = outcome === 'allowed' && (stage === 'handler' || stage === 'response');
      return {
        outcome,
        code,
        durationMs,
        stations: stations.map((station, index) => ({
          ...station,
          state: isThrough || index < last ? 'passed' : index === last ? 'ended' : 'unreached',
        })),
      };
    },
  };
}
