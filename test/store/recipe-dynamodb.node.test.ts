import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createDynamoKv, type DynamoCalls } from '../../examples/stores/dynamodb.ts';
import { createDynamoClient, dynamoError } from './dynamo-client.ts';
import { type DynamoServer, startDynamo } from './dynamo-server.ts';
import { describeRecipe } from './recipe.ts';

let server: DynamoServer;
let client: DynamoCalls;

beforeAll(async () => {
  server = await startDynamo();
  client = createDynamoClient(server.call);
});
afterAll(() => server?.close());

describeRecipe('createDynamoKv()', () => createDynamoKv(client, server.table));

const write = { key: 'a', value: 'v', expected: undefined, expiresInMs: 1500 };

describe('createDynamoKv()', () => {
  test('writes after how many seconds DynamoDB may delete an item, not one too early', async () => {
    const beforeMs = Date.now();
    await createDynamoKv(client, server.table).commit([{ ...write, key: 'ttl' }]);
    const afterMs = Date.now();
    const found = await server.call('GetItem', { TableName: server.table, Key: { key: { S: 'ttl' } } });
    expect(found).toMatchObject({ Item: { expires: { N: expect.stringMatching(/^\d{10}$/) } } });
    const [, seconds] = /"expires":\{"N":"(\d+)"/.exec(JSON.stringify(found)) ?? [];
    expect(Number(seconds)).toBeGreaterThanOrEqual((beforeMs + 1500) / 1000);
    expect(Number(seconds)).toBeLessThan((afterMs + 1500) / 1000 + 1);
  });

  test.each([
    ['PutItem', 'ConditionalCheckFailedException', []],
    ['PutItem', 'TransactionConflictException', []],
    ['TransactWriteItems', 'TransactionCanceledException', ['None', 'ConditionalCheckFailed']],
    ['TransactWriteItems', 'TransactionCanceledException', ['TransactionConflict', 'None']],
  ])('says that others came first when %s fails with %s, %o', async (operation, name, codes) => {
    const failing = createDynamoKv(failWith(operation, name, codes), server.table);
    const writes = operation === 'PutItem' ? [write] : [write, { ...write, key: 'b' }];
    expect(await failing.commit(writes)).toBe(false);
  });

  test.each([
    ['PutItem', 'ProvisionedThroughputExceededException', []],
    ['TransactWriteItems', 'TransactionCanceledException', ['ConditionalCheckFailed', 'ThrottlingError']],
    ['TransactWriteItems', 'TransactionCanceledException', ['ValidationError', 'None']],
    ['TransactWriteItems', 'TransactionInProgressException', []],
  ])('rejects when %s fails with %s, %o', async (operation, name, codes) => {
    const failing = createDynamoKv(failWith(operation, name, codes), server.table);
    const writes = operation === 'PutItem' ? [write] : [write, { ...write, key: 'b' }];
    await expect(failing.commit(writes)).rejects.toThrow(name);
  });

  // A copy that is not up to date would be a limit that is not, for a step that says no.
  test('reads from the leader', async () => {
    const inputs: unknown[] = [];
    const spied = createDynamoClient((operation, input) => {
      inputs.push(input);
      return server.call(operation, input);
    });
    await createDynamoKv(spied, server.table).read(['a']);
    expect(inputs).toEqual([{
      RequestItems: { [server.table]: { Keys: [{ key: { S: 'a' } }], ConsistentRead: true } },
    }]);
  });

  test('rejects when a part of the keys was not read', async () => {
    const UnprocessedKeys = { [server.table]: { Keys: [{ key: { S: 'a' } }] } };
    const busy = createDynamoClient(() => Promise.resolve({ Responses: { [server.table]: [] }, UnprocessedKeys }));
    await expect(createDynamoKv(busy, server.table).read(['a'])).rejects.toThrow('part of the keys');
  });
});

/** A client of which one operation fails. */
function failWith(failing: string, name: string, codes: readonly string[]): DynamoCalls {
  return createDynamoClient((operation, input) => {
    if (operation !== failing) return server.call(operation, input);
    return Promise.reject(dynamoError(name, { CancellationReasons: codes.map((Code) => ({ Code })) }));
  });
}
