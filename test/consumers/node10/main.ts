import { isRefusal, Refusal } from 'sallyport';
import { createPkce } from 'sallyport/pkce';
import { memoryStore } from 'sallyport/store';

createPkce().then(({ method }) => {
  const store = memoryStore();
  if (method !== 'S256' || typeof store.run !== 'function' || !isRefusal(new Refusal('not_found'))) {
    process.exitCode = 1;
  }
  console.log('resolved through typesVersions');
});
