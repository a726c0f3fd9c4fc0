-- What units report of the plan's tasks: one report a task, term and unit. Which tasks and terms there are follows from the plan and the
-- calendar and is not kept here. Days are ISO texts.
CREATE TABLE task_report (
    id TEXT PRIMARY KEY,
    -- The plan's id, the task as the plan numbers it, the day it is due.
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    term TEXT NOT NULL,
    -- The desk unit that reports, and its commune where it is one's.
    unit TEXT NOT NULL,
    commune TEXT,
    state TEXT NOT NULL CHECK (state IN ('draft', 'submitted', 'confirmed', 'returned')),
    -- What was done, what hindered, what is proposed.
    done TEXT NOT NULL,
    hindered TEXT NOT NULL,
    proposed TEXT NOT NULL,
    changed_by TEXT NOT NULL,
    version BIGINT NOT NULL CHECK (version >= 1),
    made_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX task_report_once ON task_report (plan, task, term, unit);
CREATE INDEX task_report_term ON task_report (plan, term, task);

-- What was done with a report, in order. Rows are only added.
CREATE TABLE task_report_event (
    id TEXT PRIMARY KEY,
    report TEXT NOT NULL REFERENCES task_report (id),
    client_tx TEXT NOT NULL,
    version BIGINT NOT NULL,
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL,
    -- The evidence it is about.
    value TEXT,
    day TEXT,
    reason TEXT
);
CREATE UNIQUE INDEX task_report_event_once ON task_report_event (report, client_tx);

-- What shows it: a document of the desk, a file, a link, a figure of the system by its id. Taken out, a row stays and says so.
CREATE TABLE task_evidence (
    id TEXT PRIMARY KEY,
    report TEXT NOT NULL REFERENCES task_report (id),
    kind TEXT NOT NULL CHECK (kind IN ('document', 'file', 'link', 'figure')),
    label TEXT NOT NULL,
    -- Id of the document or figure, or the address.
    target TEXT,
    media TEXT,
    size BIGINT,
    -- BLAKE3 of the bytes, hexadecimal.
    hash TEXT,
    content BYTEA,
    added_by TEXT NOT NULL,
    added_at BIGINT NOT NULL,
    removed_at BIGINT,
    CHECK ((kind = 'file') = (content IS NOT NULL) AND (kind = 'file') = (hash IS NOT NULL) AND (kind = 'file') = (target IS NULL))
);
CREATE INDEX task_evidence_report ON task_evidence (report, id);

-- Periods that are closed: reports of their terms stay as they are, and figures are those of this run.
CREATE TABLE plan_lock (
    plan TEXT NOT NULL,
    -- 2026, 2026-Q4 or 2026-10.
    period TEXT NOT NULL,
    first_day TEXT NOT NULL,
    last_day TEXT NOT NULL,
    run TEXT,
    locked_by TEXT NOT NULL,
    locked_at BIGINT NOT NULL,
    PRIMARY KEY (plan, period)
);
