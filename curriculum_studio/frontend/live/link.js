// The connection to a room: opened, kept, opened again after a pause that grows and is never the same for all.
import { KIND, message } from "./bytes.js";

const FIRST = 300;
const LONGEST = 2500;
const QUIET = 10000;
const ANSWER = 6000;
const FIRST_PATIENCE = 8000;
const LONGEST_PATIENCE = 32000;
const SELDOM = 30000;

/**
 * `open()` makes a WebSocket; `on` is told: opened(), heard(bytes), lost(code).
 * The pause before trying again doubles from 0.3 to 2.5 seconds, and is spread by chance.
 */
export class Link {
  constructor(open, on, clock = globalThis) {
    this.make = open;
    this.on = on;
    this.clock = clock;
    this.socket = null;
    this.pause = FIRST;
    this.waits = 0;
    this.patience = FIRST_PATIENCE;
    this.ended = false;
    this.resting = false;
    this.heardAt = 0;
    this.heard = false;
    this.beat = clock.setInterval(() => this.look(), 2000);
    this.beat.unref?.();
    this.open();
  }

  open() {
    if (this.ended || this.socket) return;
    this.clock.clearTimeout(this.timer);
    const socket = this.make();
    this.socket = socket;
    this.heardAt = Date.now();
    this.heard = false;
    socket.binaryType = "arraybuffer";
    socket.onopen = () => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      this.on.opened();
    };
    socket.onmessage = (event) => {
      if (this.socket !== socket) return;
      this.heardAt = Date.now();
      this.heard = true;
      this.resting = false;
      this.pause = FIRST;
      this.patience = FIRST_PATIENCE;
      this.on.heard(new Uint8Array(event.data));
    };
    socket.onclose = (event) => this.gone(socket, event.code);
    // Not every maker of WebSockets says `close` of one that never opened (Node's says only `error`, and leaves it as it was).
    socket.onerror = () => socket.readyState === 1 || this.gone(socket, 1006);
  }

  gone(socket, code) {
    if (this.socket !== socket) return;
    this.socket = null;
    this.on.lost(code);
    if (this.ended) return;
    this.waits = (this.resting ? SELDOM : this.pause) * (0.5 + Math.random());
    this.pause = Math.min(this.pause * 2, LONGEST);
    this.timer = this.clock.setTimeout(() => this.open(), this.waits);
    this.timer?.unref?.();
  }

  /**
   * A lid that was closed leaves a socket that looks open: whoever says nothing for long is asked, then left. One that never said
   * anything is left sooner, for a new one may be answered; and later each time, for a studio that is only slow must get there.
   */
  look() {
    const socket = this.socket;
    if (!socket) return;
    // A clock that was set back is no reason to wait until it is there again.
    const quiet = Math.abs(Date.now() - this.heardAt);
    if (quiet > (this.heard ? QUIET + ANSWER : this.patience)) {
      if (!this.heard) this.patience = Math.min(this.patience * 2, LONGEST_PATIENCE);
      this.socket = null;
      socket.close();
      this.socket = socket;
      this.gone(socket, 1006);
    } else if (quiet > QUIET && socket.readyState === 1) socket.send(message(KIND.alive));
  }

  /** Tries now: the device says that it has a network again, or somebody came back to the page. */
  hurry() {
    this.pause = FIRST;
    if (!this.socket) this.open();
  }

  /** Tries seldom from now on, until somebody answers. */
  rest() {
    this.resting = true;
  }

  get isOpen() {
    return this.socket?.readyState === 1;
  }

  send(bytes) {
    if (this.isOpen) this.socket.send(bytes);
  }

  end() {
    this.ended = true;
    this.clock.clearInterval(this.beat);
    this.clock.clearTimeout(this.timer);
    this.socket?.close();
    this.socket = null;
  }
}
