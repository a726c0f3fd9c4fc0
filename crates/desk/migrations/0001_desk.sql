-- Units and people of the desk, link decisions, targets, audit. Common to SQLite and PostgreSQL:
-- only TEXT and BIGINT, so that one statement serves both. Times are Unix milliseconds.

CREATE TABLE unit (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('city_agency', 'base_office', 'commune', 'other')),
    parent TEXT REFERENCES unit (id)
);

CREATE TABLE desk_user (
    id TEXT PRIMARY KEY,
    label TEXT NOT NULL,
    role TEXT NOT NULL,
    unit TEXT NOT NULL REFERENCES unit (id),
    -- `city`, or commune codes with a comma between them.
    area TEXT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1))
);

-- "The same person" and "not the same person", said by a person with a reason. A row is never
-- deleted; undoing fills the undo columns once.
CREATE TABLE decision (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('same', 'not_same')),
    left_row TEXT NOT NULL,
    right_row TEXT NOT NULL,
    commune TEXT,
    period TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    undone_by TEXT,
    undone_at BIGINT,
    undo_reason TEXT,
    CHECK (left_row <> right_row),
    CHECK ((undone_by IS NULL) = (undone_at IS NULL) AND (undone_at IS NULL) = (undo_reason IS NULL))
);
-- At most one decision about a pair is in force; the pair is stored in one order.
CREATE UNIQUE INDEX decision_pair ON decision (left_row, right_row) WHERE undone_at IS NULL;
CREATE INDEX decision_left ON decision (left_row);
CREATE INDEX decision_right ON decision (right_row);
CREATE INDEX decision_commune ON decision (commune);

-- Targets are replaced by a newer version, never changed.
CREATE TABLE target (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    indicator TEXT NOT NULL,
    commune TEXT,
    year BIGINT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    -- Exact decimal as text.
    value TEXT NOT NULL,
    source TEXT NOT NULL,
    document TEXT,
    entered_by TEXT NOT NULL,
    entered_at BIGINT NOT NULL,
    supersedes TEXT UNIQUE REFERENCES target (id),
    reason TEXT,
    CHECK ((version = 1) = (supersedes IS NULL)),
    CHECK (version = 1 OR reason IS NOT NULL)
);
CREATE UNIQUE INDEX target_version ON target (indicator, COALESCE(commune, ''), year, version);
CREATE INDEX target_year ON target (year);

-- The last number given to an audit event. Taking the next one in the event's own transaction makes
-- the numbers gapless and their order the order of commits, so that a missing number means a removed event.
CREATE TABLE audit_counter (
    one BIGINT PRIMARY KEY CHECK (one = 1),
    last_seq BIGINT NOT NULL
);
INSERT INTO audit_counter (one, last_seq) VALUES (1, 0);

CREATE TABLE audit_event (
    seq BIGINT PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    unit TEXT NOT NULL,
    role TEXT NOT NULL,
    purpose TEXT NOT NULL,
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id TEXT,
    commune TEXT,
    detail TEXT NOT NULL,
    run TEXT,
    client_tx TEXT,
    -- BLAKE3 of the event's canonical bytes, hexadecimal.
    hash TEXT NOT NULL
);
CREATE INDEX audit_event_actor ON audit_event (actor, seq);
CREATE INDEX audit_event_commune ON audit_event (commune, seq);
CREATE INDEX audit_event_object ON audit_event (object_kind, object_id, seq);

CREATE TABLE audit_seal (
    batch BIGINT PRIMARY KEY,
    first_seq BIGINT NOT NULL UNIQUE,
    last_seq BIGINT NOT NULL UNIQUE,
    prev_hash TEXT NOT NULL,
    hash TEXT NOT NULL,
    sealed_at BIGINT NOT NULL,
    CHECK (first_seq <= last_seq)
);
