// How the threads of sheet 004 exchange messages (R96): a table of all clients' sockets in memory
// that all threads share, and one lock.

import { deliver } from "./broadcast.ts";
import { close } from "./libc.ts";

const FREE = 0;
const HELD = 1;
/** Locked, and another thread sleeps until it is free. */
const WANTED = 2;

const LOCK = 0;
const COUNT = 1;
const FIRST = 2;

/** Most sockets in one room. */
const MOST = 20_000;

/** The sockets of all clients; each thread makes its own view of the shared memory. */
export class SharedRoom {
  readonly memory: SharedArrayBuffer;
  readonly #cells: Int32Array;

  /** @param memory another thread's, to share its room; a new room without */
  constructor(memory = new SharedArrayBuffer((FIRST + MOST) * 4)) {
    this.memory = memory;
    this.#cells = new Int32Array(memory);
  }

  /** Adds a socket; returns false if the table is full. */
  join(fd: number): boolean {
    return this.#locked((cells, count) => {
      if (count === MOST) return false;
      cells[FIRST + count] = fd;
      cells[COUNT] = count + 1;
      return true;
    });
  }

  /**
   * Removes a socket and closes it, under the lock: no thread may send to the next one of that
   * number.
   */
  leave(fd: number): void {
    this.#locked((cells, count) => {
      const place = cells.indexOf(fd, FIRST);
      cells[place] = cells[FIRST + count - 1] ?? 0;
      cells[COUNT] = count - 1;
      close(fd);
    });
  }

  /** Sends to all but `from`, under the lock: all receive one order, and no line splits another. */
  say(from: number, bytes: Uint8Array<ArrayBuffer>): void {
    this.#locked((cells, count) => deliver(cells.subarray(FIRST, FIRST + count), from, bytes));
  }

  /** A mutex with three states; in the third, unlocking must wake another thread. */
  #locked<T>(work: (cells: Int32Array, count: number) => T): T {
    const cells = this.#cells;
    if (Atomics.compareExchange(cells, LOCK, FREE, HELD) !== FREE) {
      while (Atomics.exchange(cells, LOCK, WANTED) !== FREE) Atomics.wait(cells, LOCK, WANTED);
    }
    try {
      return work(cells, cells[COUNT] ?? 0);
    } finally {
      if (Atomics.exchange(cells, LOCK, FREE) === WANTED) Atomics.notify(cells, LOCK, 1);
    }
  }
}
