-- Sheets of cases that came back: what each row asks for waits in parts, is worked part by part, and leaves with its part; what stays is how
-- much was done and which rows were not, by number, with the case and why.
CREATE TABLE case_sheet (
    client_tx TEXT PRIMARY KEY,
    actor TEXT NOT NULL,
    -- Hash of all that the sheet asks for: the same sheet of the same user is known by it.
    asked TEXT NOT NULL,
    -- The day it came, ISO: days of outcomes are held against it.
    today TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    finished_at BIGINT,
    -- Rows that say something, and rows that were left empty.
    total BIGINT NOT NULL,
    empty BIGINT NOT NULL,
    done BIGINT NOT NULL,
    refused BIGINT NOT NULL,
    -- The first part that is still to be worked.
    next_part BIGINT NOT NULL
);
CREATE INDEX case_sheet_asked ON case_sheet (asked, actor);
CREATE TABLE case_sheet_part (
    sheet TEXT NOT NULL REFERENCES case_sheet (client_tx),
    part BIGINT NOT NULL,
    -- Its rows as JSON, sealed where there is a key file; empty once they were worked.
    changes TEXT NOT NULL,
    PRIMARY KEY (sheet, part)
);
CREATE TABLE case_sheet_refused (
    sheet TEXT NOT NULL REFERENCES case_sheet (client_tx),
    seq BIGINT NOT NULL,
    -- Number of the row in the file.
    file_row BIGINT NOT NULL,
    case_id TEXT,
    why TEXT NOT NULL,
    PRIMARY KEY (sheet, seq)
);
