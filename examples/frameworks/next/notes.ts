/** One module that all route files import, since each of them is a module of its own. */
import { createNotes, type Notes } from '../notes.ts';

export const notes: Notes = createNotes();
