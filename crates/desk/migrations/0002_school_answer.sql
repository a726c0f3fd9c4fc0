-- What schools say of their pupils' cards: a word to be checked, never a card. A newer answer about the same pupil stands beside the
-- older one; the last one counts. Rows are only added.
CREATE TABLE school_answer (
    id TEXT PRIMARY KEY,
    client_tx TEXT NOT NULL,
    -- The book's number of the pupil.
    person BIGINT NOT NULL,
    -- Keys of school and class as they stand in addresses.
    school TEXT NOT NULL,
    class TEXT NOT NULL,
    -- Commune of the school, for access; NULL where it is not known.
    commune TEXT,
    card_number TEXT NOT NULL,
    -- ISO days.
    valid_from TEXT,
    valid_to TEXT NOT NULL,
    told_by TEXT NOT NULL,
    told_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX school_answer_once ON school_answer (client_tx, person);
CREATE INDEX school_answer_school ON school_answer (school, class);
