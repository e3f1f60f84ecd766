/**
 * A key of Web Crypto, as the platform at hand types it. The global of that name is declared by the DOM library alone, and a server's
 * project need not have that.
 */
export type CryptoKey = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
