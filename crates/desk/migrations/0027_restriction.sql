-- Restrictions of processing (hạn chế xử lý): while one holds the person is kept off queues, lists that are handed over and letters. It begins
-- with the end of the person's request and is lifted by decision, once.
CREATE TABLE processing_restriction (
    id TEXT PRIMARY KEY,
    -- The book's number of the person.
    person BIGINT NOT NULL,
    request TEXT NOT NULL REFERENCES subject_request (id),
    set_by TEXT NOT NULL,
    set_at BIGINT NOT NULL,
    lifted_by TEXT,
    lifted_at BIGINT,
    -- The document that lifts it.
    lifted_decision TEXT,
    CHECK ((lifted_at IS NULL) = (lifted_by IS NULL) AND (lifted_at IS NULL) = (lifted_decision IS NULL))
);
-- One that holds is enough.
CREATE UNIQUE INDEX processing_restriction_one ON processing_restriction (person) WHERE lifted_at IS NULL;

-- How many cases were not handed over because their people are restricted; they are among those left out.
ALTER TABLE collector_list ADD COLUMN restricted BIGINT NOT NULL DEFAULT 0 CHECK (restricted >= 0);
