// The two ways in which a check does not end well. Messages are whole sentences that say what to do.

/** Something is false: nothing that hangs on it may be believed. */
export class Doubt extends Error {}

/** Something could not be found out here and now; with `goesOn`, what comes after it still can. */
export class Unsure extends Error {
  constructor(message, { goesOn = false } = {}) {
    super(message);
    this.goesOn = goesOn;
  }
}

export const SHOW_IT = "Print this page or take a picture of it, and show it to an enforcer of your guild.";
