// Of `@cloudflare/workers-types`, what is used here: the whole of it declares globals that differ from those of the other examples.
declare module 'cloudflare:workers' {
  export class DurableObject {
    protected readonly ctx: { readonly storage: import('./durable-object.ts').DurableStorage };
    alarm?(): Promise<void>;
  }
}
