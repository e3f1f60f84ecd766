import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import dynalite from 'dynalite';
import type { DynamoCondition, DynamoDelete, DynamoItem, DynamoPut } from '../../examples/stores/dynamodb.ts';
import { createDynamoCall, type DynamoCall, dynamoError } from './dynamo-client.ts';

/** A DynamoDB of a test's own. */
export interface DynamoServer {
  readonly table: string;
  readonly call: DynamoCall;
  readonly close: () => Promise<void>;
}

type Write = { readonly Put: DynamoPut } | { readonly Delete: DynamoDelete };

const TABLE = 'sallyport';
const SCRATCH = 'scratch';

/**
 * Starts dynalite, which does everything that is needed but transactions. Those are added here: their conditions are evaluated by dynalite, on copies of
 * the items; that they happen whole is the word of this file. As DynamoDB does, it cancels one that meets another.
 */
export async function startDynamo(): Promise<DynamoServer> {
  const server = dynalite({ createTableMs: 0 });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  // A listening TCP server has an address with a port.
  const { port } = server.address() as AddressInfo;
  const call = createDynamoCall(`http://127.0.0.1:${port}`);
  for (const name of [TABLE, SCRATCH]) await createDynamoTable(call, name);
  const transacting = new Set<string>();
  const putting = new Map<string, number>();

  async function put(input: DynamoPut): Promise<unknown> {
    const key = nameOf(input.Item);
    if (transacting.has(key)) throw dynamoError('TransactionConflictException', {});
    putting.set(key, (putting.get(key) ?? 0) + 1);
    try {
      return await call('PutItem', input);
    } finally {
      putting.set(key, (putting.get(key) ?? 0) - 1);
    }
  }

  async function transact(writes: readonly Write[]): Promise<unknown> {
    const keys = writes.map((write) => nameOf('Put' in write ? write.Put.Item : write.Delete.Key));
    if (new Set(keys).size < keys.length || keys.length > 100) throw dynamoError('ValidationException', {});
    const met = keys.map((key) => transacting.has(key) || (putting.get(key) ?? 0) > 0 ? 'TransactionConflict' : 'None');
    if (met.includes('TransactionConflict')) throw canceled(met);
    for (const key of keys) transacting.add(key);
    try {
      const reasons = await Promise.all(writes.map(check));
      if (reasons.some((reason) => reason !== 'None')) throw canceled(reasons);
      return await Promise.all(writes.map((write) => apply(write, unconditional)));
    } finally {
      for (const key of keys) transacting.delete(key);
    }
  }

  /** Tries a write on a copy of the item. Nobody else writes the item meanwhile. */
  async function check(write: Write): Promise<string> {
    const key = 'Put' in write ? { key: write.Put.Item['key'] } : write.Delete.Key;
    const found = await call('GetItem', { TableName: TABLE, Key: key, ConsistentRead: true });
    const item: unknown = Reflect.get(Object(found), 'Item');
    await (item === undefined
      ? call('DeleteItem', { TableName: SCRATCH, Key: key })
      : call('PutItem', { TableName: SCRATCH, Item: item }));
    try {
      await apply(write, (condition) => ({ ...condition, TableName: SCRATCH }));
      return 'None';
    } catch (error) {
      if (error instanceof Error && error.name === 'ConditionalCheckFailedException') return 'ConditionalCheckFailed';
      throw error;
    }
  }

  function apply(write: Write, change: (condition: DynamoCondition) => object): Promise<unknown> {
    return 'Put' in write ? call('PutItem', change(write.Put)) : call('DeleteItem', change(write.Delete));
  }

  return {
    table: TABLE,
    async call(operation, input) {
      // These two are passed what the recipe passes.
      if (operation === 'PutItem') return await put(input as DynamoPut);
      if (operation !== 'TransactWriteItems') return await call(operation, input);
      return await transact((input as { readonly TransactItems: readonly Write[] }).TransactItems);
    },
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

/** Makes a table as the recipe asks for. */
async function createDynamoTable(call: DynamoCall, TableName: string): Promise<void> {
  await call('CreateTable', {
    TableName,
    KeySchema: [{ AttributeName: 'key', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'key', AttributeType: 'S' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
}

function nameOf(item: DynamoItem): string {
  return JSON.stringify(item['key']);
}

function unconditional({ ConditionExpression: _, ExpressionAttributeValues: __, ...write }: DynamoCondition): object {
  return write;
}

function canceled(reasons: readonly string[]): Error {
  return dynamoError('TransactionCanceledException', { CancellationReasons: reasons.map((Code) => ({ Code })) });
}
