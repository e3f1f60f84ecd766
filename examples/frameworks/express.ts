/** Express 5: its routes get `toExpress` of the handlers, in front of every body parser; it passes their parameters on. */
import express, { type Express } from 'express';
import { toExpress } from 'sallyport/node';
import { createNotes } from './notes.ts';

/** An application of Express. */
export function createApp(): Express {
  const { list, create, read, missing } = createNotes();
  const app = express();
  const notes = express.Router();
  notes.get('/', toExpress(list)).post('/', toExpress(create)).get('/:id', toExpress(read));
  // Mounted: the handlers still see `/notes/1`.
  app.use('/notes', notes);
  app.use(toExpress(missing));
  return app;
}

export { express };
