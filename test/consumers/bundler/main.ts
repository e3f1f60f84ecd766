import { isRefusal, Refusal } from 'sallyport';
import { createPkce } from 'sallyport/pkce';
import { object, parse, string } from 'sallyport/schema';

const { verifier, challenge } = await createPkce();
const result = parse(object({ verifier: string({ min: 43 }) }), { verifier });
if (!result.ok || challenge === verifier || !isRefusal(new Refusal('not_found'))) {
  throw new Error('The bundle is broken.');
}
console.log('bundled');
