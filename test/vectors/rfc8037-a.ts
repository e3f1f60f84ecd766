/** RFC 8037 appendix A.2, the public key of RFC 8032 section 7.1, test 1. A.6 and A.7 agree on keys, which is no part of this package. */
export const PUBLIC_JWK = {
  kty: 'OKP',
  crv: 'Ed25519',
  x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
} as const;
/** A.1: what the private key has beyond the public one. */
export const D = 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A';
/** A.3. */
export const THUMBPRINT = 'kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k';
/** A.4 signs and A.5 verifies; `alg` is `EdDSA`, the name that RFC 9864 later replaced with `Ed25519`. */
export const HEADER = 'eyJhbGciOiJFZERTQSJ9';
export const PAYLOAD = 'RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc';
export const SIGNATURE = 'hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg';
export const TOKEN: string = `${HEADER}.${PAYLOAD}.${SIGNATURE}`;
