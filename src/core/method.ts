/** The methods that a policy or a role may name. CONNECT and TRACE are not among them: no handler of an API needs either. */
export const METHODS: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
