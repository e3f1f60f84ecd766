/**
 * CORS for exact origins and one-label patterns, and the check of cross-site requests by Fetch metadata and Origin.
 *
 * @module
 */
export { type Cors, type CorsOptions, createCors } from './cors.ts';
export {
  createCrossOriginCheck,
  type CrossOriginCheck,
  type CrossOriginCheckContext,
  type CrossOriginCheckOptions,
} from './cross-origin-check.ts';
