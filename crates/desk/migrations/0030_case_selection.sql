-- Cases that somebody ticked, to change all of them at once: kept under the number of their form over pages and filters, forgotten a day
-- after the last change. Nothing of a case stands here but its id.
CREATE TABLE case_selection (
    client_tx TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    -- Until when it is kept, Unix milliseconds.
    until_at BIGINT NOT NULL,
    -- The form of the bulk that works on it: from then on it stays as it is, and is not forgotten before the bulk has ended.
    bulk TEXT
);
CREATE TABLE case_selection_case (
    selection TEXT NOT NULL REFERENCES case_selection (client_tx),
    case_id TEXT NOT NULL REFERENCES work_case (id),
    PRIMARY KEY (selection, case_id)
);
