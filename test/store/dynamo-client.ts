import type { DynamoCalls } from '../../examples/stores/dynamodb.ts';

/** Calls an operation by its name, and resolves with what it answers. */
export type DynamoCall = (operation: string, input: unknown) => Promise<unknown>;

/** The wire format of DynamoDB, with errors as the client of AWS throws them, and a signature that emulators do not verify. */
export function createDynamoCall(endpoint: string): DynamoCall {
  return async (operation, input) => {
    const response = await fetch(endpoint, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.0',
        'x-amz-target': `DynamoDB_20120810.${operation}`,
        'x-amz-date': '20260101T000000Z',
        authorization:
          'AWS4-HMAC-SHA256 Credential=key/20260101/us-east-1/dynamodb/aws4_request, SignedHeaders=host, Signature=0',
      },
      body: JSON.stringify(input),
    });
    const answer: unknown = await response.json();
    if (response.ok) return answer;
    const type = String(Reflect.get(Object(answer), '__type'));
    throw dynamoError(type.slice(type.indexOf('#') + 1), answer);
  };
}

/** An error as the client of AWS throws it. */
export function dynamoError(name: string, details: unknown): Error {
  return Object.assign(new Error(`DynamoDB: ${name}`), details, { name });
}

/** The methods of the client of AWS that the recipe calls. */
export function createDynamoClient(call: DynamoCall): DynamoCalls {
  return {
    // The answers are as the service writes them.
    batchGetItem: (input) => call('BatchGetItem', input) as ReturnType<DynamoCalls['batchGetItem']>,
    putItem: (input) => call('PutItem', input),
    transactWriteItems: (input) => call('TransactWriteItems', input),
  };
}
