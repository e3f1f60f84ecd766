import { createBearerAuth, createLimits, definePolicy, isRefusal, Refusal, type RefusalCode, secure } from 'sallyport';
import { createJwtVerifier, createRemoteKeySet } from 'sallyport/jwt';
import { createLimiter } from 'sallyport/limiter';
import { createPkce } from 'sallyport/pkce';
import { type Infer, int, object, parse, string } from 'sallyport/schema';
import { memoryStore } from 'sallyport/store';

const Order = object({ item: string({ max: 50 }), quantity: int({ min: 1 }) });
type Order = Infer<typeof Order>;

const verify = createJwtVerifier({
  issuer: 'https://issuer.example',
  audience: 'https://api.example',
  algorithms: ['ES256'],
  type: 'at+jwt',
  keys: createRemoteKeySet('https://issuer.example/.well-known/jwks.json'),
});
const store = memoryStore();
const policy = definePolicy({
  methods: ['POST'],
  auth: createBearerAuth({ verify }),
  scopes: ['orders:write'],
  store,
  limits: createLimits({ principal: [{ name: 'writes', limit: 5, windowSeconds: 60 }] }),
  body: Order,
});
const handler = secure(policy, (_request, { body, principal }) => {
  const order: Order = body;
  return Response.json({ order, owner: principal.id });
});

const json = { 'content-type': 'application/json' };
const response = await handler(
  new Request('https://api.example/orders', { method: 'POST', headers: json, body: '{}' }),
  { peerAddress: '192.0.2.1' },
);
expect(response.status === 401);
expect(response.headers.get('content-type') === 'application/problem+json');
const problem: { code?: RefusalCode } = JSON.parse(await response.text());
expect(problem.code === 'credentials_missing');

const limiter = createLimiter({ store, limits: [{ name: 'reads', limit: 1, windowSeconds: 60 }] });
expect((await limiter.consume('a')).allowed);
expect((await createPkce()).method === 'S256');
expect(!parse(Order, { item: 'tea', quantity: 0 }).ok);
expect(isRefusal(new Refusal('not_found')));
console.log('policy refuses');

function expect(truth: boolean): void {
  if (!truth) throw new Error('An expectation does not hold.');
}
