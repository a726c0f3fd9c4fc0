-- Closed cases whose files and words were erased after their term of retention, by decision. The case stays with its rule, outcome and
-- days: it names its person by the book's number alone.
CREATE TABLE case_erasure (
    case_id TEXT PRIMARY KEY REFERENCES work_case (id),
    decision TEXT NOT NULL,
    erased_by TEXT NOT NULL,
    erased_at BIGINT NOT NULL
);
