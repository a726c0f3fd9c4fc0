-- Terms of the plan that were put off by decision. The term itself stays what the plan says; rows are only added, the newest holds.
CREATE TABLE term_extension (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL,
    task TEXT NOT NULL,
    term TEXT NOT NULL,
    new_term TEXT NOT NULL,
    -- Number and day of the document that decides it.
    document TEXT NOT NULL,
    reason TEXT NOT NULL,
    decided_by TEXT NOT NULL,
    decided_at BIGINT NOT NULL,
    CHECK (new_term > term)
);
CREATE INDEX term_extension_term ON term_extension (plan, term, task);

-- Reminders of units: of a task's term, or of data they owe. Rows are only added.
CREATE TABLE plan_reminder (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    plan TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('task', 'duty')),
    -- Id of the task or of the duty.
    subject TEXT NOT NULL,
    term TEXT NOT NULL,
    -- The plan's unit that was reminded.
    unit TEXT NOT NULL,
    how TEXT NOT NULL CHECK (how IN ('letter', 'phone', 'meeting', 'portal')),
    -- The document of the desk, where it was a letter.
    document TEXT REFERENCES document (id),
    words TEXT NOT NULL,
    reminded_by TEXT NOT NULL,
    reminded_at BIGINT NOT NULL
);
CREATE INDEX plan_reminder_term ON plan_reminder (plan, kind, subject, term);
