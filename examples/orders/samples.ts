/** The requests that the page sends: good ones, and attacks. */
import { BODIES, CALLERS, REQUESTS } from './attacks.ts';
import { read, type Sample, tea, write } from './sample.ts';

/** Samples of one kind. */
export interface SampleGroup {
  readonly title: string;
  readonly samples: readonly Sample[];
}

const GOOD: readonly Sample[] = [
  {
    ...read,
    title: 'My orders',
    about: 'Alice reads hers. What they cost the shop stays behind: the schema of the response does not name it.',
    path: '/orders?limit=10',
    status: 200,
    stage: 'response',
  },
  {
    ...read,
    title: 'One of them',
    about: 'Loaded by its id, and handed out because alice owns it.',
    path: '/orders/1',
    status: 200,
    stage: 'response',
  },
  {
    ...write,
    title: 'A new order',
    about: 'Bob may write: five times a minute.',
    token: 'writer',
    body: tea,
    status: 201,
    stage: 'response',
  },
  {
    ...write,
    title: 'The same order, sent twice',
    about: 'One Idempotency-Key, so one order: the second answer is the first one, remembered.',
    token: 'writer',
    body: tea,
    key: true,
    times: 2,
    status: 201,
    stage: 'idempotency',
  },
];

/** Every sample, in the order in which the page shows them. */
export const SAMPLES: readonly SampleGroup[] = [
  { title: 'Good requests', samples: GOOD },
  { title: 'Who asks', samples: CALLERS },
  { title: 'What is sent', samples: BODIES },
  { title: 'How it is asked', samples: REQUESTS },
];
