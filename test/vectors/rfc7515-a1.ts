import { PAYLOAD } from './rfc7515-a3.ts';

/** RFC 7515 appendix A.1: a JWS of HS256, by a secret of 64 bytes. Between the members of its header stand a CR, an LF and a space. */
export const SECRET_JWK = {
  kty: 'oct',
  k: 'AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow',
} as const;
export const HEADER = 'eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9';
export const SIGNATURE = 'dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk';
export const TOKEN: string = `${HEADER}.${PAYLOAD}.${SIGNATURE}`;
