// Clients on raw sockets: they send exactly the given bytes, and their barrier proves without
// waiting that nothing more was sent to them.

import { writeAll } from "../shared/write_all.ts";
import { LineQueue } from "./line_queue.ts";

/** Where a test client connects; through TLS if it has certificates to trust, as PEM. */
export type TestAddress =
  | { readonly port: number; readonly trusted?: string[] }
  | { readonly path: string };

/** Makes a stream that turns bytes of a dialect without lines into lines. */
export type Reshape = () => TransformStream<Uint8Array, Uint8Array>;

/** A connection to the server under test that sends exactly the bytes it is given. */
export abstract class SocketClient implements AsyncDisposable {
  /** Resolves when everything the server sent has been read. */
  protected abstract readonly pumped: Promise<void>;

  protected constructor(readonly conn: Deno.Conn) {}

  /** Sends text or bytes, all of them. */
  send(data: string | Uint8Array): Promise<void> {
    return writeAll(this.conn, typeof data === "string" ? new TextEncoder().encode(data) : data);
  }

  /** Half-closes: this side sends no more. */
  async end(): Promise<void> {
    await this.conn.closeWrite();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      this.conn.close();
    } catch {
      // closed by the test, or by the end of reading
    }
    await this.pumped;
  }
}

let tokens = 0;

/** The answer to `who`. */
interface Who {
  readonly users: readonly { readonly name: string }[];
  readonly total: number;
}

/** A connection that is read as lines. */
export class TestClient extends SocketClient {
  readonly lines = new LineQueue();
  protected readonly pumped: Promise<void>;

  private constructor(conn: Deno.Conn, reshape?: Reshape) {
    super(conn);
    const { readable } = conn;
    this.pumped = this.lines.pump(reshape ? readable.pipeThrough(reshape()) : readable);
  }

  /** Connects and sends nothing; `reshape` turns the bytes into lines if the dialect has none. */
  static async connect(place: TestAddress, reshape?: Reshape): Promise<TestClient> {
    return new TestClient(await connectSocket(place), reshape);
  }

  /** A `plain` client that has registered under that name. */
  static async plain(place: TestAddress, name: string): Promise<TestClient> {
    const client = await TestClient.connect(place);
    await client.send(`${name}\n`);
    await client.lines.match(/^-- You are /);
    return client;
  }

  /** A `native` client that has registered under that name. */
  static async native(place: TestAddress, name: string): Promise<TestClient> {
    const client = await TestClient.connect(place);
    await client.send(`${JSON.stringify({ type: "hello", name, version: 1 })}\n`);
    await client.lines.match(/"type":"welcome"/);
    return client;
  }

  /** A `usermsg` client of that name; `witness`, a native client, receives its join. */
  static async usermsg(place: TestAddress, name: string, witness: TestClient): Promise<TestClient> {
    const client = await TestClient.connect(place);
    await client.send(`USER ${name}\n`);
    await witness.lines.match(new RegExp(`"type":"joined","name":"${name}"`));
    return client;
  }

  /** Many `usermsg` clients; `witness`, a native client, proves that all have registered. */
  static async crowd(
    place: TestAddress,
    names: readonly string[],
    witness: TestClient,
  ): Promise<TestClient[]> {
    const wanted = (await witness.#who()).total + names.length;
    const clients: TestClient[] = [];
    for (const name of names) {
      const client = await TestClient.connect(place);
      await client.send(`USER ${name}\n`);
      clients.push(client);
    }
    await witness.#asksWhoUntil(({ total }) => total >= wanted);
    return clients;
  }

  /** Waits, as a `native` client, until a member of that name is connected. */
  async sees(name: string): Promise<void> {
    await this.#asksWhoUntil(({ users }) => users.some((user) => user.name === name));
  }

  async #asksWhoUntil(holds: (who: Who) => boolean): Promise<void> {
    const deadline = Date.now() + 20_000;
    while (!holds(await this.#who())) {
      if (Date.now() > deadline) throw new Error("Not everybody is in the room after 20 s");
    }
  }

  async #who(): Promise<Who> {
    await this.request({ type: "who" });
    return JSON.parse(await this.lines.match(/"type":"who"/, 20_000));
  }

  /** Sends one native request. */
  request(request: Record<string, unknown>): Promise<void> {
    return this.send(JSON.stringify(request) + "\n");
  }

  /**
   * Every line received until now, for a `native` client: sends a ping and reads until its pong, so
   * that what is not among the lines was not sent.
   */
  async barrier(): Promise<string[]> {
    const token = `barrier-${++tokens}`;
    await this.request({ type: "ping", ref: token });
    return await this.until((line) => line.includes(token));
  }

  /** The same for a `plain` client, with a command that does not exist. */
  async plainBarrier(): Promise<string[]> {
    const token = `/barrier-${++tokens}`;
    await this.send(`${token}\n`);
    return await this.until((line) => line.includes(token));
  }

  /** Lines up to, and without, the first that matches. */
  async until(matches: (line: string) => boolean): Promise<string[]> {
    const lines: string[] = [];
    while (true) {
      const line = await this.lines.next();
      if (matches(line)) return lines;
      lines.push(line);
    }
  }

  /** The events received until now, for a `native` client. */
  async events(): Promise<Record<string, unknown>[]> {
    return (await this.barrier()).map((line) => JSON.parse(line));
  }
}

/** Connects to that address; through TLS if it has certificates to trust. */
export async function connectSocket(place: TestAddress): Promise<Deno.Conn> {
  if ("path" in place) return await Deno.connect({ transport: "unix", path: place.path });
  const { port, trusted: caCerts } = place;
  if (caCerts === undefined) return await Deno.connect({ hostname: "127.0.0.1", port });
  const conn = await Deno.connectTls({ hostname: "localhost", port, caCerts });
  try {
    await conn.handshake();
  } catch (problem) {
    conn.close();
    throw problem;
  }
  return conn;
}
