-- Cases (hồ sơ xử lý): findings that somebody works on. The finding itself stays in the book; a case row is made when somebody takes,
-- assigns or imports it. Days are ISO texts, months `2026-10`; subjects are numbers of the book.
CREATE TABLE work_case (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    rule TEXT NOT NULL,
    -- The finding's key, 32 hexadecimal digits: one case a finding, over all periods.
    finding_key TEXT NOT NULL UNIQUE,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('person', 'employer')),
    subject BIGINT NOT NULL,
    -- Period whose run the finding was taken from.
    period TEXT NOT NULL,
    commune TEXT,
    village TEXT,
    -- Which kind of office works on it, as its rule says.
    unit TEXT NOT NULL CHECK (unit IN ('commune', 'insurance_office')),
    owner TEXT,
    state TEXT NOT NULL CHECK (state IN ('open', 'taken', 'snoozed', 'done', 'reopened')),
    due TEXT NOT NULL,
    snoozed_until TEXT,
    outcome TEXT,
    -- Until when, or from when (joins on a date), the outcome holds.
    outcome_day TEXT,
    closed_at BIGINT,
    -- The first period whose run no longer has the finding; NULL while it stands.
    gone_period TEXT,
    version BIGINT NOT NULL CHECK (version >= 1),
    opened_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CHECK ((state = 'snoozed') = (snoozed_until IS NOT NULL)),
    CHECK ((state = 'done') = (closed_at IS NOT NULL)),
    CHECK (state <> 'done' OR outcome IS NOT NULL)
);
-- Queues: open cases in the order they fall due. A commune's and a base office's, an owner's, and all of the city's. Counts are read from
-- these alone: whatever a queue asks of a case stands in them. There is no index by kind of office and none of what nobody has: where a
-- database takes one of those for a commune's queue, it reads the whole city (measured: 4 s instead of 0.5 ms at a million).
CREATE INDEX work_case_commune ON work_case (commune, due, id, unit, owner, state, snoozed_until) WHERE state <> 'done';
CREATE INDEX work_case_owner ON work_case (owner, due, id, commune, unit, state, snoozed_until)
    WHERE state <> 'done' AND owner IS NOT NULL;
CREATE INDEX work_case_due ON work_case (due, id, commune, unit, owner, state, snoozed_until) WHERE state <> 'done';
CREATE INDEX work_case_reopened ON work_case (due, id) WHERE state = 'reopened';
CREATE INDEX work_case_snoozed ON work_case (snoozed_until, due, id) WHERE state = 'snoozed';
CREATE INDEX work_case_closed ON work_case (closed_at, id) WHERE state = 'done';
CREATE INDEX work_case_subject ON work_case (subject_kind, subject);
-- Tallies are read from these alone: what came of cases by rule, and by worker.
CREATE INDEX work_case_rule ON work_case (rule, outcome, commune, unit) WHERE state = 'done';
CREATE INDEX work_case_worker ON work_case (owner, outcome, commune, unit) WHERE state = 'done';

-- What was done with a case, in order. Rows are only added; comments stand among them.
CREATE TABLE case_event (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES work_case (id),
    client_tx TEXT NOT NULL,
    -- Version of the case after this; a comment leaves it as it was.
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    -- New owner, outcome, commune or finding key, as the kind says.
    value TEXT,
    day TEXT,
    reason TEXT
);
CREATE UNIQUE INDEX case_event_once ON case_event (case_id, client_tx);
CREATE INDEX case_event_order ON case_event (case_id, at, id);

-- Attachments: small files as they were sent, with their hash.
CREATE TABLE case_file (
    id TEXT PRIMARY KEY,
    case_id TEXT NOT NULL REFERENCES work_case (id),
    client_tx TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    size BIGINT NOT NULL CHECK (size > 0),
    -- BLAKE3 of the bytes, hexadecimal.
    hash TEXT NOT NULL,
    content BYTEA NOT NULL,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL
);
CREATE INDEX case_file_case ON case_file (case_id);

-- Changes of many cases at once: what was asked, how far it is, what came of it. Written with each chunk, so that a bulk that was
-- interrupted goes on where it stopped and one sent twice gives the same answer.
CREATE TABLE case_bulk (
    client_tx TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    -- Hash of the query and the change.
    asked TEXT NOT NULL,
    what TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    -- How many cases the selection had at the start.
    total BIGINT NOT NULL,
    done BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    -- Id of the last case looked at.
    cursor TEXT NOT NULL
);
CREATE TABLE case_bulk_refused (
    client_tx TEXT NOT NULL REFERENCES case_bulk (client_tx),
    case_id TEXT NOT NULL,
    why TEXT NOT NULL,
    PRIMARY KEY (client_tx, case_id)
);

-- Runs whose findings were held against the cases.
CREATE TABLE case_run (
    run TEXT PRIMARY KEY,
    period TEXT NOT NULL,
    finished_at BIGINT NOT NULL,
    resolved BIGINT NOT NULL,
    reopened BIGINT NOT NULL,
    moved BIGINT NOT NULL
);

-- Work that outlives the request which asked for it, and what is to be sent to others: written in the transaction of what it belongs to,
-- claimed by one worker for a while, done at least once. Whoever claims it does it under the form's number, so twice is once.
CREATE TABLE job (
    id TEXT PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('bulk')),
    client_tx TEXT NOT NULL UNIQUE,
    actor TEXT NOT NULL,
    -- Who asked, with area, role and purpose of then, and what: JSON.
    scope TEXT NOT NULL,
    payload TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    -- Until when whoever claimed it has it; until when it rests after a failure. 0 at first.
    lease_until BIGINT NOT NULL,
    finished_at BIGINT,
    -- Why it was given up; NULL when it was done.
    failed TEXT,
    CHECK (failed IS NULL OR finished_at IS NOT NULL)
);
CREATE INDEX job_waiting ON job (lease_until, id) WHERE finished_at IS NULL;
