-- What people ask about their data (yêu cầu của chủ thể dữ liệu), with the clocks of the law as they were when it came in.
CREATE TABLE subject_request (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    kind TEXT NOT NULL CHECK (kind IN ('view', 'copy', 'correct', 'restrict', 'object', 'complain')),
    -- The book's number of the person; NULL while nobody knows who of the register asks.
    person BIGINT,
    commune TEXT,
    -- What is asked, as told.
    words TEXT NOT NULL,
    received_on TEXT NOT NULL,
    answer_due TEXT NOT NULL,
    done_due TEXT NOT NULL,
    -- open, answered (the person knows what will be done until when), done, refused.
    state TEXT NOT NULL CHECK (state IN ('open', 'answered', 'done', 'refused')),
    -- Ground of the law, when refused.
    ground TEXT,
    version BIGINT NOT NULL CHECK (version >= 1),
    received_by TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    CHECK ((state = 'refused') = (ground IS NOT NULL))
);
CREATE INDEX subject_request_state ON subject_request (state, done_due);
CREATE INDEX subject_request_person ON subject_request (person);

-- Its history: rows are only added.
CREATE TABLE subject_request_event (
    id TEXT PRIMARY KEY,
    request TEXT NOT NULL REFERENCES subject_request (id),
    at BIGINT NOT NULL,
    actor TEXT NOT NULL,
    what TEXT NOT NULL CHECK (what IN ('received', 'answered', 'done', 'refused', 'note')),
    -- The day it was done, as told.
    day TEXT NOT NULL,
    words TEXT NOT NULL
);
CREATE INDEX subject_request_event_request ON subject_request_event (request, at);

-- Breaches of personal data (vi phạm quy định bảo vệ dữ liệu cá nhân): when found, what it may reach, when the authority was told.
CREATE TABLE breach (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL UNIQUE,
    words TEXT NOT NULL,
    -- Unix milliseconds: found, and the time the authority has to be told by.
    found_at BIGINT NOT NULL,
    notice_due_at BIGINT NOT NULL,
    -- ISO day until which its file is kept.
    keep_until TEXT NOT NULL,
    -- What it may reach: whose session, which object, between which moments.
    actor TEXT,
    object_id TEXT,
    from_at BIGINT NOT NULL,
    until_at BIGINT NOT NULL,
    -- Whether pictures, fingerprints or faces are in it: then the people are told too.
    biometric BIGINT NOT NULL CHECK (biometric IN (0, 1)),
    told_at BIGINT,
    told_by TEXT,
    told_words TEXT,
    closed_at BIGINT,
    closed_by TEXT,
    closed_words TEXT,
    version BIGINT NOT NULL CHECK (version >= 1),
    reported_by TEXT NOT NULL,
    CHECK (from_at < until_at),
    CHECK ((told_at IS NULL) = (told_by IS NULL) AND (told_at IS NULL) = (told_words IS NULL)),
    CHECK ((closed_at IS NULL) = (closed_by IS NULL) AND (closed_at IS NULL) = (closed_words IS NULL)),
    CHECK (closed_at IS NULL OR told_at IS NOT NULL)
);
CREATE INDEX breach_due ON breach (told_at, notice_due_at);
