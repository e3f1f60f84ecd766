/**
 * Who may do what: scopes, compared exactly, denied by default.
 *
 * @module
 */
export { checkScopes, isScopeToken, parseScope } from './scope.ts';
