import { Refusal } from '../../core/refusal.ts';
import type { Exchange, Stage } from '../exchange.ts';
import type { Policy } from '../policy.ts';
import { refuse } from './roles.ts';

/** What a policy says of where requests come from and go to. */
type Network = Pick<Policy, 'hosts' | 'https' | 'deny'>;

/** Makes the stages that need no more than the request line and the connection: whichever of them the policy has. */
export function networkStages({ hosts, https, deny }: Network): Partial<Record<keyof Network, Stage>> {
  return {
    ...(hosts === undefined ? {} : {
      hosts: ({ request, client }: Exchange) => refuse(hosts.check(request, client)),
    }),
    ...(https === undefined ? {} : {
      https: ({ request, client }: Exchange) => https.redirect(request, client) ?? refuse(https.check(request, client)),
    }),
    ...(deny === undefined ? {} : {
      // A client that hides its address must not pass for one that is not on the list.
      deny: ({ client: { address } }: Exchange) =>
        refuse(address === undefined || deny.has(address) ? new Refusal('forbidden') : undefined),
    }),
  };
}
