/** A store on DynamoDB: one table with the partition key `key`, a string, and time to live on `expires`. */
import type { KvEntry, KvWrite, VersionedKv } from 'sallyport/store';

/** Attributes as DynamoDB spells them, as far as they are written here. */
export type DynamoItem = Record<string, { S: string } | { N: string }>;

/** What must be so for a write. */
export interface DynamoCondition {
  TableName: string;
  ConditionExpression: string;
  ExpressionAttributeValues?: DynamoItem | undefined;
}

/** A write, and a deletion. */
export type DynamoPut = DynamoCondition & { Item: DynamoItem };
export type DynamoDelete = DynamoCondition & { Key: DynamoItem };

/**
 * What is called of a client: `new DynamoDB({ maxAttempts: 1 })` of `@aws-sdk/client-dynamodb`. One attempt, because a put that is sent again after its
 * answer was lost meets the version that it wrote itself, and looks as if another had come first.
 */
export interface DynamoCalls {
  batchGetItem(input: {
    RequestItems: Record<string, { Keys: DynamoItem[]; ConsistentRead: boolean }>;
  }): Promise<{
    readonly Responses?: Record<string, Record<string, { readonly S?: string | undefined }>[]> | undefined;
    readonly UnprocessedKeys?: object | undefined;
  }>;
  putItem(input: DynamoPut): Promise<unknown>;
  transactWriteItems(input: { TransactItems: ({ Put: DynamoPut } | { Delete: DynamoDelete })[] }): Promise<unknown>;
}

/** Makes an adapter for `kvStore`. A group of more than 100 keys is more than DynamoDB takes, and is refused. */
export function createDynamoKv(client: DynamoCalls, table: string): VersionedKv {
  return {
    // DynamoDB deletes late, which does no harm: kvStore reads from the value itself when it is over.
    async read(keys: readonly string[]): Promise<readonly (KvEntry | undefined)[]> {
      const Keys = keys.map((key) => ({ key: { S: key } }));
      const { Responses, UnprocessedKeys } = await client.batchGetItem({
        RequestItems: { [table]: { Keys, ConsistentRead: true } },
      });
      // What was not read is not what does not stand.
      if (Object.keys(UnprocessedKeys ?? {}).length > 0) throw new Error('DynamoDB has read a part of the keys.');
      const found = new Map((Responses?.[table] ?? []).map(({ key, value, version }) => {
        return [key?.S, { value: String(value?.S), version: String(version?.S) }];
      }));
      return keys.map((key) => found.get(key));
    },
    async commit(writes: readonly KvWrite[]): Promise<boolean> {
      const version = crypto.randomUUID();
      const items = writes.map(({ key, value, expiresInMs, expected }) => {
        const condition: DynamoCondition = expected === undefined
          ? { TableName: table, ConditionExpression: 'attribute_not_exists(version)' }
          : {
            TableName: table,
            ConditionExpression: 'version = :expected',
            ExpressionAttributeValues: { ':expected': { S: String(expected) } },
          };
        if (value === undefined) return { Delete: { ...condition, Key: { key: { S: key } } } };
        const expires = String(Math.ceil((Date.now() + expiresInMs) / 1000));
        const Item = { key: { S: key }, value: { S: value }, version: { S: version }, expires: { N: expires } };
        return { Put: { ...condition, Item } };
      });
      try {
        const [only, ...others] = items;
        // The same, at half the price.
        if (only !== undefined && 'Put' in only && others.length === 0) await client.putItem(only.Put);
        else await client.transactWriteItems({ TransactItems: items });
        return true;
      } catch (error) {
        if (isConflict(error)) return false;
        throw error;
      }
    },
  };
}

const CONFLICTS: ReadonlySet<unknown> = new Set([
  'None',
  'ConditionalCheckFailed',
  'ConditionalCheckFailedException',
  'TransactionConflict',
  'TransactionConflictException',
]);

/** Whether others came first. A transaction names a reason for each write; throttling is another, and so are items that are too large. */
function isConflict(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const reasons: unknown = Reflect.get(error, 'CancellationReasons');
  if (error.name !== 'TransactionCanceledException' || !Array.isArray(reasons)) return CONFLICTS.has(error.name);
  return reasons.every((reason) => CONFLICTS.has(Reflect.get(Object(reason), 'Code')));
}
