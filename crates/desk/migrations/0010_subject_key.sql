-- The name a person has in the audit log. Events hold the key, not the book's number: without its row here an old event no longer says
-- whom it was about, and the chain of seals still agrees.
CREATE TABLE subject_key (
    person BIGINT PRIMARY KEY,
    key TEXT NOT NULL UNIQUE,
    made_at BIGINT NOT NULL
);

-- When keys were erased, by which decision, how many: nobody is named.
CREATE TABLE subject_erasure (
    id TEXT PRIMARY KEY,
    decision TEXT NOT NULL,
    -- Events before this day were given up (ISO).
    before_day TEXT NOT NULL,
    people BIGINT NOT NULL,
    erased_by TEXT NOT NULL,
    erased_at BIGINT NOT NULL
);
