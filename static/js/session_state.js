// What a session's events mean: the same rules as lounges/sessions/reducer.py. Pure; neither argument is changed.

export const EMPTY = Object.freeze({
  state: "scheduled",
  stage: "",
  participants: {},
  contributions: {},
  associations: {},
  blend: null,
  resistance: { calls: 0, needed: 0 },
  halt: null,
});

const present = (state, event) => ({
  ...state,
  participants: { ...state.participants, [event.id]: { stepped_out: false } },
});

const without = (things, isGone) => Object.fromEntries(Object.entries(things).filter((entry) => !isGone(entry)));

const withdrawn = (state, event) => ({
  ...state,
  contributions: without(state.contributions, ([id]) => id === event.id),
  associations: without(state.associations, ([, said]) => said.contribution === event.id),
});

const blended = (outcome) => (state, event) => ({
  ...state,
  blend: { run: event.id, state: outcome, dreamscape: event.dreamscape ?? null },
});

const halted = (state, event) => ({
  ...state,
  halt: { experience: event.experience, run: event.run ?? null },
  blend:
    state.blend && state.blend.run === event.run
      ? { run: event.run, state: "halted", dreamscape: null }
      : state.blend,
});

const RULES = {
  "session.opened": (state, event) => ({ ...state, state: "open", stage: event.stage }),
  "session.closed": (state) => ({ ...state, state: "closed" }),
  "stage.changed": (state, event) => ({ ...state, stage: event.stage }),
  "participant.joined": present,
  "participant.returned": present,
  "participant.stepped_out": (state, event) => ({
    ...state,
    participants: { ...state.participants, [event.id]: { stepped_out: true } },
  }),
  "dream.shared": (state, event) => ({
    ...state,
    contributions: { ...state.contributions, [event.id]: { membership: event.membership } },
  }),
  "dream.withdrawn": withdrawn,
  "dream.restricted": withdrawn,
  "association.added": (state, event) => ({
    ...state,
    associations: {
      ...state.associations,
      [event.id]: { contribution: event.contribution, membership: event.membership },
    },
  }),
  "blend.requested": blended("requested"),
  "blend.finished": blended("finished"),
  "blend.failed": blended("failed"),
  "dreamscape.superseded": (state, event) =>
    state.blend?.run === event.id
      ? { ...state, blend: { run: event.id, state: "superseded", dreamscape: null } }
      : state,
  "resistance.changed": (state, event) => ({
    ...state,
    resistance: { calls: event.calls, needed: event.needed },
  }),
  "session.halted": halted,
};

/** The state after one event; an event of an unknown type changes nothing. */
export const reduce = (state, event) => (RULES[event.type] ?? ((same) => same))(state, event);

/** The state after all of `events`, in order. */
export const fold = (state, events) => events.reduce(reduce, state);
