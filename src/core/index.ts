/**
 * The one error class, its problem response, and the Standard Schema contract.
 *
 * @module
 */
export { isRefusal, type Issue, Refusal, type RefusalCode, type RefusalOptions } from './refusal.ts';
export { type ProblemOptions, toProblem } from './problem.ts';
export { type Clock, type MaybePromise, systemClock } from './clock.ts';
export {
  type OutputOf,
  type StandardIssue,
  type StandardJsonSchema,
  type StandardResult,
  type StandardSchema,
  type StandardSchemaProps,
} from './standard-schema.ts';
