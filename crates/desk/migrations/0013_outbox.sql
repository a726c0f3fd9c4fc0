-- The outbox: what happened here and others are to know. An event is written in the transaction of its change, with one delivery for each
-- receiver that is there; a delivery is tried until it is taken, at least once, under the event's id. Events hold ids and counts, nothing
-- of people.
CREATE TABLE outbox_receiver (
    name TEXT PRIMARY KEY,
    -- Words of the kinds it takes, commas between them.
    kinds TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    changed_at BIGINT NOT NULL
);
CREATE TABLE outbox_event (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    unit TEXT NOT NULL,
    -- JSON object of counts and short codes.
    payload TEXT NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE TABLE outbox_delivery (
    event TEXT NOT NULL REFERENCES outbox_event (id),
    receiver TEXT NOT NULL REFERENCES outbox_receiver (name),
    state TEXT NOT NULL CHECK (state IN ('waiting', 'done', 'dead')),
    attempts BIGINT NOT NULL CHECK (attempts >= 0),
    -- Not before this moment; while somebody delivers it, the end of their lease.
    due_at BIGINT NOT NULL,
    done_at BIGINT,
    -- A short code of what went wrong last.
    failed TEXT,
    PRIMARY KEY (event, receiver),
    CHECK ((state = 'done') = (done_at IS NOT NULL))
);
CREATE INDEX outbox_delivery_waiting ON outbox_delivery (receiver, due_at, event) WHERE state = 'waiting';
CREATE INDEX outbox_delivery_dead ON outbox_delivery (receiver, event) WHERE state = 'dead';
